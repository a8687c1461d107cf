/** The page at the root until the web front end is there: where to go next, without scripts. */
export const welcome = (version: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Concord</title>
<h1>Concord ${version}</h1>
<p>Post partnership needs, pledge to them, and steward the projects to their result.</p>
<ul>
<li><a href="/api/v1/needs">Published needs</a></li>
<li><a href="/api/v1/projects">Projects</a></li>
<li><a href="/api/v1/organisations">Organisations</a></li>
<li><a href="/openapi.json">API document (OpenAPI 3.1)</a></li>
<li><a href="/asyncapi.json">Event document (AsyncAPI 3.0)</a></li>
<li><a href="/readyz">Health</a></li>
</ul></html>
`;
