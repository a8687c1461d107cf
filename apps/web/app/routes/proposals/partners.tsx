import type { PublicOrganisation } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import { ErrorSummary, Page, PostForm } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { proposalPath, writtenProposal } from './proposal.server.js';

/** Partners so far, and organisations found for the words searched; only the lead names partners. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { proposal, need, etag } = await writtenProposal(visit, args.params);
    if (visit.acting?.id !== proposal.leadId) throw absent(visit);
    const q = visit.url.searchParams.get('q')?.trim() ?? '';
    const found =
      q === ''
        ? []
        : (await visit.api.get<Listed<z.output<typeof PublicOrganisation>>>('/organisations', { query: { q, limit: 20 } })).body
            .items;
    const taken = [proposal.leadId, proposal.ownerId, ...proposal.partnerIds];
    return {
      proposal,
      need: { id: need.id, title: need.title },
      etag,
      q,
      found: found.filter(({ id }) => !taken.includes(id)).map(({ id, name }) => ({ id, name })),
      names: Object.fromEntries(await visit.namesOf(proposal.partnerIds)),
    };
  });

/** Adds a partner, or takes one off. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, text, sending }) => {
    const { proposal } = await writtenProposal(visit, args.params);
    const id = text('organisation') ?? '';
    const others = proposal.partnerIds.filter((one) => one !== id);
    const partnerIds = text('step') === 'remove' ? others : [...others, id];
    await visit.api.patch(proposalPath(args.params), { body: { partnerIds }, ...sending });
    return redirect(visit.href(`${proposalPath(args.params)}/edit/partners`));
  });

/** With whom the lead proposes. Partners write along; the lead submits. */
export default function Partners() {
  const t = useT();
  const href = useHref();
  const { proposal, need, etag, q, found, names } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const one = (id: string, name: string, step: 'add' | 'remove') => (
    <li key={id} className="card">
      <h3>
        <a href={href(`/organisations/${id}`)}>
          <bdi>{name}</bdi>
        </a>
      </h3>
      <PostForm etag={etag}>
        <input type="hidden" name="organisation" value={id} />
        <input type="hidden" name="step" value={step} />
        <p>
          <button type="submit" className="quiet" aria-label={t(`proposals:partners.${step}Named`, { name })}>
            {t(`proposals:partners.${step}`)}
          </button>
        </p>
      </PostForm>
    </li>
  );
  return (
    <Page
      title={t('proposals:topic.partners')}
      lead={t('proposals:topicLead.partners')}
      crumbs={[
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/proposals/${proposal.id}/edit`, label: proposal.title },
      ]}
      state={state}
    >
      <ErrorSummary state={state} />
      <h2>{t('proposals:partners.now')}</h2>
      {proposal.partnerIds.length === 0 ? <p>{t('needs-forms:invite.none')}</p> : null}
      <ul className="cards">{proposal.partnerIds.map((id) => one(id, names[id] ?? id, 'remove'))}</ul>
      <h2>{t('proposals:partners.more')}</h2>
      <form method="get" action={href(`/proposals/${proposal.id}/edit/partners`)} className="form" role="search">
        <div className="field">
          <label htmlFor="q">{t('needs-forms:invite.search')}</label>
          <input id="q" name="q" type="search" defaultValue={q} maxLength={200} dir="auto" />
        </div>
        <p className="actions">
          <button type="submit">{t('needs-forms:invite.find')}</button>
        </p>
      </form>
      {q !== '' && found.length === 0 ? <p>{t('proposals:partners.nothing')}</p> : null}
      <ul className="cards">{found.map(({ id, name }) => one(id, name, 'add'))}</ul>
      <p>
        <a className="button" href={href(`/proposals/${proposal.id}/edit`)}>
          {t('needs-forms:lines.done')}
        </a>
      </p>
    </Page>
  );
}
