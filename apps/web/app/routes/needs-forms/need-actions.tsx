import { PostForm } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { may, mayBind } from './may.js';
import type { Need } from './own-need.server.js';

/** Steps of the owner's approvers by the state of the need: path below it, and key of the words. */
const OWNER: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  draft: [['steps/withdraw', 'needs-forms:step.withdraw.title']],
  submitted: [
    ['steps/return', 'needs-forms:step.return.title'],
    ['steps/withdraw', 'needs-forms:step.withdraw.title'],
  ],
  endorsed: [['steps/withdraw', 'needs-forms:step.withdraw.title']],
  published: [
    ['amend', 'needs-forms:amend.title'],
    ['invitations', 'needs-forms:invite.title'],
    ['steps/close-intake', 'needs-forms:step.close-intake.title'],
    ['steps/withdraw', 'needs-forms:step.withdraw.title'],
  ],
  matching: [
    ['invitations', 'needs-forms:invite.title'],
    ['steps/extend', 'needs-forms:step.extend.title'],
    ['steps/close', 'needs-forms:step.close.title'],
    ['steps/withdraw', 'needs-forms:step.withdraw.title'],
  ],
};

/** Links for whoever owns the need, and for everybody else the pledge and the own shortlist: only what the state allows. */
export function NeedActions({ need }: { need: Need }) {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { id, status, organisationId } = need;
  const acting = reader?.acting;
  const own = acting?.id === organisationId;
  const isPublic = need.publishedAt !== undefined;
  const takesPledges = ['published', 'matching', 'partnered'].includes(status);
  const links: (readonly [string, string])[] = [];
  if (takesPledges && !own) links.push(['pledge', 'needs-forms:do.pledge']);
  if (isPublic) links.push(['pledges', 'needs-forms:do.pledges']);
  if (own && isPublic) links.push(['proposals', 'needs-forms:do.proposals'], ['reviewers', 'needs-forms:do.reviewers']);
  if (own && (status === 'draft' ? may : mayBind)(acting, 'approver')) links.push(...(OWNER[status] ?? []));
  if (links.length === 0 && !acting) return null;
  return (
    <section aria-labelledby="need-actions">
      <h2 id="need-actions">{t(own ? 'needs-forms:do.own' : 'needs-forms:do.title')}</h2>
      <ul>
        {links.map(([path, label]) => (
          <li key={path}>
            <a href={href(`/needs/${id}/${path}`)}>{t(label)}</a>
          </li>
        ))}
      </ul>
      {acting && isPublic ? (
        <PostForm action={href(`/needs/${id}/pin`)}>
          <p>
            <button type="submit" className="quiet">
              {t('needs-forms:do.pin')}
            </button>
          </p>
        </PostForm>
      ) : null}
    </section>
  );
}
