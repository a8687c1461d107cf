import { Field, Notice, PostForm, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import type { Sent } from '../../server/act.server.js';
import type { Names } from '../projects/board.js';
import { Organisations, ProjectFrame } from '../projects/frame.js';
import { REASONS } from './steps.js';

interface StepPageProps {
  readonly project: { readonly id: string; readonly title: string };
  /** `milestones.submit`: what is done. */
  readonly step: string;
  readonly state: FormState | undefined;
  /** Organisations that take this step. */
  readonly who: readonly string[];
  /** Organisations that must act once it is taken; nobody in particular when empty. */
  readonly then: readonly string[];
  readonly names: Names;
  /** Whether this reader may take it; then the form is shown. */
  readonly allowed: boolean;
  /** State of the object where it does not allow the step now. */
  readonly notNow?: { readonly kind: string; readonly state: string } | undefined;
  readonly by?: string | undefined;
  readonly crumbs?: readonly { readonly to: string; readonly label: string }[];
  /** A first approval that waits for a second person (R23) or for the other side. */
  readonly pending?: { readonly at: string; readonly reason?: { readonly text: string } | undefined } | undefined;
  readonly files?: boolean;
  /** Shown above the form: what is decided upon. */
  readonly before?: React.ReactNode;
  readonly children?: React.ReactNode;
}

/** A page with one thing to do: what it means, who does it, who must act next, and the form. */
export function StepPage({
  step,
  state,
  who,
  then,
  names,
  allowed,
  notNow,
  by,
  pending,
  files,
  before,
  children,
  ...frame
}: StepPageProps) {
  const t = useT();
  const title = t(`stewarding:do.${step}`);
  return (
    <ProjectFrame {...frame} title={title} lead={t(`stewarding:why.${step}`)} state={state} plain>
      <div className="object">
        <div>
          {before}
          {pending === undefined ? null : (
            <Notice kind="warning" title={t('stewarding:pending')}>
              <p>
                {t('stewarding:pendingText')} <When at={pending.at} time />
              </p>
              {pending.reason === undefined ? null : <p dir="auto">{pending.reason.text}</p>}
            </Notice>
          )}
          {allowed ? (
            <PostForm state={state} submit={title} {...(files ? { files } : {})}>
              {children}
            </PostForm>
          ) : (
            <NotAllowed who={who} names={names} notNow={notNow} />
          )}
        </div>
        <aside>
          <section className="next-step" aria-labelledby="who-acts">
            <h2 id="who-acts">{t('stewarding:whoActs')}</h2>
            <dl>
              <div>
                <dt>{t('stewarding:now')}</dt>
                <dd>
                  <Organisations ids={who} names={names} />
                </dd>
              </div>
              <div>
                <dt>{t('stewarding:then')}</dt>
                <dd>
                  <Organisations ids={then} names={names} />
                </dd>
              </div>
              <div>
                <dt>{t('site:next.by')}</dt>
                <dd>{by === undefined ? t('site:next.noDeadline') : <When at={by} />}</dd>
              </div>
            </dl>
          </section>
        </aside>
      </div>
    </ProjectFrame>
  );
}

function NotAllowed({ who, names, notNow }: Pick<StepPageProps, 'who' | 'names' | 'notNow'>) {
  const t = useT();
  const href = useHref();
  const { reader, path } = useFacts();
  if (notNow !== undefined) {
    return (
      <Notice kind="warning" title={t('stewarding:notNow')}>
        <p>
          {t('stewarding:present')} <StateBadge kind={notNow.kind} state={notNow.state} />
        </p>
      </Notice>
    );
  }
  return (
    <Notice kind="warning" title={t('stewarding:notYours')}>
      <p>{t('stewarding:notYoursText')}</p>
      <Organisations ids={who} names={names} />
      <p>
        {t('stewarding:youAct')} <bdi>{reader?.acting?.name ?? t('stewarding:forYourself')}</bdi> ·{' '}
        <a href={`${href('/acting')}?return=${encodeURIComponent(path)}`}>{t('site:acting.change')}</a>
      </p>
    </Notice>
  );
}

/** Why: a code for the statistics and words for people; both become public (R32). `fixed` is the code the first approver gave. */
export function ReasonFields({
  state,
  fixed,
  optional,
}: {
  state: FormState | undefined;
  fixed?: string | undefined;
  optional?: boolean;
}) {
  const t = useT();
  return (
    <>
      {fixed === undefined ? (
        <Field
          name="reason.code"
          label={t('stewarding:reason.code')}
          required={!optional}
          visibility="public"
          state={state}
          options={REASONS.map((value) => ({ value, label: t(`stewarding:reasons.${value}`) }))}
        />
      ) : (
        <input type="hidden" name="reason.code" value={fixed} />
      )}
      <Field
        name="reason.text"
        label={t('stewarding:reason.text')}
        rows={4}
        required={!optional}
        visibility="public"
        state={state}
      />
    </>
  );
}

/** The reason a form gives, as the API takes it; the API says what is missing. */
export const reasonOf = ({ text }: Pick<Sent, 'text'>) => ({ code: text('reason.code'), text: text('reason.text') });

/** Address to go to after a step, with what the next page says about it. */
export const after = (path: string, step: string, first = false): string => `${path}?done=${step}${first ? '&first=yes' : ''}`;
