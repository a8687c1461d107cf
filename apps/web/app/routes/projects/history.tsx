import type { HistoryEntry } from '../../api.js';
import { Timeline } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { Names } from './board.js';

interface HistoryProps {
  readonly entries: readonly HistoryEntry[];
  readonly names: Names;
  /** Address of the page that proves it. */
  readonly proof: string;
}

/** What happened to one object, the newest first, and the way to its proof. */
export function History({ entries, names, proof }: HistoryProps) {
  const t = useT();
  const href = useHref();
  if (entries.length === 0) return null;
  return (
    <section aria-labelledby="history">
      <h2 id="history">{t('projects:activity.title')}</h2>
      <Timeline
        entries={[...entries].reverse().map(({ version, kind, at, organisation, reason }) => ({
          key: String(version),
          at,
          title: t(`projects:event.${kind}`),
          who: organisation === undefined ? t('projects:clock') : (names[organisation] ?? organisation),
          reason: reason?.text,
        }))}
      />
      <p>
        <a href={href(proof)}>{t('projects:activity.verify')}</a>
      </p>
    </section>
  );
}
