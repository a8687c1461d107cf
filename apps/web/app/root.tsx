import { isRouteErrorResponse, Links, Outlet, Scripts, useMatches, useRouteError } from 'react-router';
import { TroublePage } from './components/trouble.js';
import { Shell } from './components/shell.js';
import { useFacts } from './facts.js';
import type { RouteHandle } from './handle.js';
import { directionOf } from './locale.js';
import type { Trouble } from './server/load.server.js';
import stylesheet from './styles/site.css?url';

/** The document around every page. */
export function Layout({ children }: { children: React.ReactNode }) {
  const { locale, nonce, sent, liveScript } = useFacts();
  const handles = useMatches().map(({ handle }) => handle as RouteHandle | undefined);
  const bare = handles.some((one) => one?.bare ?? one?.embed);
  return (
    <html lang={locale} dir={directionOf(locale)}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={stylesheet} />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <Links />
      </head>
      <body>
        {bare ? children : <Shell>{children}</Shell>}
        {liveScript === undefined || bare ? null : (
          <script type="module" src={liveScript} nonce={nonce ?? ''} suppressHydrationWarning />
        )}
        {sent === undefined ? null : (
          <>
            <script
              id="facts"
              type="application/json"
              nonce={nonce ?? ''}
              suppressHydrationWarning
              dangerouslySetInnerHTML={{ __html: sent }}
            />
            <Scripts nonce={nonce ?? ''} />
          </>
        )}
      </body>
    </html>
  );
}

/** The page itself. */
export default function Root() {
  return <Outlet />;
}

/** What is shown when there is nothing to show: absent or forbidden, signed out while typing, not reachable, broken. */
export function ErrorBoundary() {
  const error = useRouteError();
  if (!isRouteErrorResponse(error)) return <TroublePage trouble={{ kind: 'failed', correlationId: '' }} />;
  const told = error.data as Partial<Trouble> | undefined;
  if (told?.kind === undefined)
    return <TroublePage trouble={{ kind: error.status < 500 ? 'absent' : 'failed', correlationId: '' }} />;
  return <TroublePage trouble={told as Trouble} />;
}
