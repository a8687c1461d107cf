import { When } from './amounts.js';

/** An entry of an object's history. */
export interface TimelineEntry {
  readonly key: string;
  readonly at: string;
  readonly title: string;
  readonly who?: string | undefined;
  /** Why, in the words of who decided. */
  readonly reason?: string | undefined;
}

/** What happened, the newest first; each entry can be linked to. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className="timeline" reversed>
      {entries.map(({ key, at, title, who, reason }) => (
        <li key={key} id={`entry-${key}`}>
          <p className="entry-title">{title}</p>
          <p className="entry-meta">
            <a href={`#entry-${key}`}>
              <When at={at} />
            </a>
            {who === undefined ? null : (
              <>
                {' · '}
                <bdi>{who}</bdi>
              </>
            )}
          </p>
          {reason === undefined ? null : (
            <blockquote dir="auto">
              <p>{reason}</p>
            </blockquote>
          )}
        </li>
      ))}
    </ol>
  );
}
