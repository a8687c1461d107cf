/** An entry of a feed. */
export interface FeedEntry {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  /** Language of the title, BCP 47. */
  readonly language: string;
  readonly summary: string;
  readonly author: string | undefined;
  readonly updatedAt: string;
}

/** What a feed says of itself. */
export interface Feed {
  readonly title: string;
  readonly language: string;
  /** Address of the feed. */
  readonly url: string;
  /** Address of the page that shows the same list. */
  readonly page: string;
  readonly entries: readonly FeedEntry[];
}

const NONE = '1970-01-01T00:00:00Z';

/** Text of an XML element or attribute; characters that XML cannot hold are left out. */
export const xmlText = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/gu, (one) => `&#${one.charCodeAt(0)};`);

const newest = (entries: readonly FeedEntry[]): string =>
  entries.reduce((latest, { updatedAt }) => (Date.parse(updatedAt) > Date.parse(latest) ? updatedAt : latest), NONE);

/** Atom 1.0 (RFC 4287). */
export function atomText({ title, language, url, page, entries }: Feed): string {
  const body = entries.map(
    (entry) => `  <entry>
    <id>urn:uuid:${xmlText(entry.id)}</id>
    <title xml:lang="${xmlText(entry.language)}">${xmlText(entry.title)}</title>
    <link rel="alternate" type="text/html" href="${xmlText(entry.url)}"/>
    <updated>${xmlText(entry.updatedAt)}</updated>
    <author><name>${xmlText(entry.author ?? 'Concord')}</name></author>
    <summary>${xmlText(entry.summary)}</summary>
  </entry>
`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
  <id>${xmlText(url)}</id>
  <title>${xmlText(title)}</title>
  <updated>${newest(entries)}</updated>
  <link rel="self" type="application/atom+xml" href="${xmlText(url)}"/>
  <link rel="alternate" type="text/html" href="${xmlText(page)}"/>
${body.join('')}</feed>
`;
}

/** JSON Feed 1.1. */
export const jsonFeedText = ({ title, language, url, page, entries }: Feed): string =>
  `${JSON.stringify(
    {
      version: 'https://jsonfeed.org/version/1.1',
      title,
      language,
      home_page_url: page,
      feed_url: url,
      items: entries.map((entry) => ({
        id: `urn:uuid:${entry.id}`,
        url: entry.url,
        title: entry.title,
        language: entry.language,
        content_text: entry.summary,
        date_modified: entry.updatedAt,
        ...(entry.author === undefined ? {} : { authors: [{ name: entry.author }] }),
      })),
    },
    null,
    2,
  )}\n`;
