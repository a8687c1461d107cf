import { NextStep, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { stepPath } from '../stewarding/steps.js';
import type { Board, Names } from './board.js';
import { Organisations } from './frame.js';

type Step = Board['next'][number];

/** A step as a sentence: what, and of which milestone or report. */
export function useStepText(): (step: Step) => string {
  const t = useT();
  return ({ resource, step, title }) => {
    const what = t(`stewarding:do.${resource}.${step}`);
    if (resource === 'projects') return what;
    return t('projects:next.of', {
      what,
      title: resource === 'reports' ? t(`projects:reportKind.${title}`) : `\u2068${title}\u2069`,
    });
  };
}

/** Whether the reader's organisation is the one that must act. */
const isMine = (step: Step, acting: string | undefined): boolean =>
  step.blockedBy.length === 0 && step.who.some(({ organisationId }) => organisationId === acting);

/** What happens next with a project, who must act and by when; then everything else that is due. */
export function ProjectNext({ board, names }: { board: Board; names: Names }) {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const textOf = useStepText();
  const acting = reader?.acting?.id;
  const { project, next } = board;
  const [first, ...others] = [...next].sort((a, b) => Number(isMine(b, acting)) - Number(isMine(a, acting)));
  if (!first) return <NextStep action={t(`projects:next.${project.status}`)} who={t('projects:nobody')} />;
  return (
    <>
      <NextStep
        action={textOf(first)}
        who={<Organisations ids={first.who.map(({ organisationId }) => organisationId)} names={names} />}
        by={first.dueOn}
        {...(isMine(first, acting)
          ? { to: stepPath(project.id, first), button: t(`stewarding:do.${first.resource}.${first.step}`) }
          : {})}
      />
      {first.blockedBy.length === 0 ? null : <Blocked codes={first.blockedBy} />}
      {others.length === 0 ? null : (
        <details className="means">
          <summary>{t('projects:next.later', { count: others.length })}</summary>
          <ul>
            {others.map((step) => (
              <li key={`${step.resource}-${step.id}-${step.step}`}>
                {isMine(step, acting) ? <a href={href(stepPath(project.id, step))}>{textOf(step)}</a> : <bdi>{textOf(step)}</bdi>}
                {step.dueOn === undefined ? null : (
                  <>
                    {' · '}
                    <When at={step.dueOn} />
                  </>
                )}
                {step.overdue ? ` · ${t('projects:overdue')}` : ''}
                <Organisations ids={step.who.map(({ organisationId }) => organisationId)} names={names} />
                {step.blockedBy.length === 0 ? null : <Blocked codes={step.blockedBy} />}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** What has to be there first. */
export function Blocked({ codes }: { codes: readonly string[] }) {
  const t = useT();
  return (
    <div>
      <p className="hint">{t('projects:blocked')}</p>
      <ul>
        {codes.map((code) => (
          <li key={code}>{t(`projects:missing.${code}`)}</li>
        ))}
      </ul>
    </div>
  );
}
