import { useHref, useT } from '../facts.js';
import { When } from './amounts.js';

/** How a state feels: open to act, under way, done, ended without success, waiting, or not public yet. */
type Tone = 'open' | 'busy' | 'done' | 'ended' | 'waiting' | 'draft';

const TONES: Readonly<Record<string, Tone>> = {
  draft: 'draft',
  not_yet_due: 'draft',
  planned: 'draft',
  unverified: 'draft',
  pipeline: 'draft',
  submitted: 'waiting',
  endorsed: 'waiting',
  offered: 'waiting',
  held: 'waiting',
  pending: 'waiting',
  in_review: 'waiting',
  recorded: 'waiting',
  due: 'waiting',
  shortlisted: 'waiting',
  clarification: 'waiting',
  published: 'open',
  open: 'open',
  matching: 'busy',
  partnered: 'busy',
  in_progress: 'busy',
  implementation: 'busy',
  finalisation: 'busy',
  confirmed: 'busy',
  partly_delivered: 'busy',
  accepted: 'done',
  released: 'done',
  delivered: 'done',
  acknowledged: 'done',
  verified: 'done',
  closed: 'done',
  settled: 'done',
  approved: 'done',
  green: 'done',
  withdrawn: 'ended',
  expired: 'ended',
  declined: 'ended',
  lapsed: 'ended',
  rejected: 'ended',
  suspended: 'ended',
  cancelled: 'ended',
  disputed: 'ended',
  voided: 'ended',
  returned: 'ended',
  sent_back: 'ended',
  dropped: 'ended',
  red: 'ended',
  overdue: 'ended',
  yellow: 'waiting',
};

/**
 * A state in words; its colour only repeats them. `kind` is the object: `need`, `proposal`, `pledge`, `delivery`, `project`,
 * `milestone`, `report`, `standing`, `line`, `fund`, `health`.
 */
export function StateBadge({ kind, state }: { kind: string; state: string }) {
  const t = useT();
  return <span className={`badge ${TONES[state] ?? 'waiting'}`}>{t(`words:${kind}.${state}`)}</span>;
}

interface NextStepProps {
  /** What happens next, as a sentence. */
  readonly action: string;
  /** Who must act; a name, or words for everybody. */
  readonly who: React.ReactNode;
  /** RFC 3339 instant or day by when; none when nothing presses. */
  readonly by?: string | undefined;
  /** Where this reader can do it; only when it is theirs to do. */
  readonly to?: string | undefined;
  /** Words of the button. */
  readonly button?: string | undefined;
}

/** On every object: what happens next, who must act, and by when. */
export function NextStep({ action, who, by, to, button }: NextStepProps) {
  const t = useT();
  const href = useHref();
  return (
    <section className="next-step" aria-labelledby="next-step">
      <h2 id="next-step">{t('site:next.title')}</h2>
      <p className="next-action">{action}</p>
      <dl>
        <div>
          <dt>{t('site:next.who')}</dt>
          <dd>{who}</dd>
        </div>
        <div>
          <dt>{t('site:next.by')}</dt>
          <dd>{by === undefined ? t('site:next.noDeadline') : <When at={by} />}</dd>
        </div>
      </dl>
      {to === undefined || button === undefined ? null : (
        <a className="button" href={href(to)}>
          {button}
        </a>
      )}
    </section>
  );
}
