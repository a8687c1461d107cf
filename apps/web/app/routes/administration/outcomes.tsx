import { Notice } from '../../components/index.js';
import { useT } from '../../facts.js';

/** What became of one object of a bulk step. */
export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  /** What was done, or why not. */
  readonly text: string;
}

/** The outcome of a bulk step, object by object: some may have worked and others not. */
export function Outcomes({ outcomes }: { outcomes: readonly Outcome[] }) {
  const t = useT();
  const kind = outcomes.every(({ ok }) => ok) ? 'success' : 'warning';
  return (
    <Notice kind={kind} title={t('administration:outcome.title')}>
      <ul>
        {outcomes.map(({ name, ok, text }, index) => (
          <li key={index}>
            <bdi>{name}</bdi>: {ok ? '' : `${t('administration:outcome.refused')} `}
            {text}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
