import type { PublicOrganisation } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import { countryName, ErrorSummary, Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { mayBind } from './may.js';
import { needPath, ownNeed } from './own-need.server.js';

type Organisation = z.output<typeof PublicOrganisation>;

/** Who was invited, and organisations found for the words searched. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { need } = await ownNeed(visit, args.params, 'published', 'matching');
    const q = visit.url.searchParams.get('q')?.trim() ?? '';
    const found =
      q === ''
        ? []
        : (await visit.api.get<Listed<Organisation>>('/organisations', { query: { q, standing: 'verified', limit: 20 } })).body
            .items;
    const names = Object.fromEntries(await visit.namesOf(need.invitedIds));
    return { need, q, found: found.filter(({ id }) => id !== need.organisationId), names };
  });

/** Asks one of them to propose. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, text, sending }) => {
    const path = needPath(args.params);
    await visit.api.post(`${path}/invite`, { body: { organisationId: text('organisation') ?? '' }, ...sending });
    return redirect(visit.href(`${path}/invitations`));
  });

/** Organisations the owner asks to propose: search, then invite. */
export default function Invitations() {
  const t = useT();
  const href = useHref();
  const { locale, reader } = useFacts();
  const { need, q, found, names } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  return (
    <Page
      title={t('needs-forms:invite.title')}
      over={<bdi>{need.title}</bdi>}
      lead={t('needs-forms:invite.lead')}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
      state={state}
    >
      <ErrorSummary state={state} />
      <h2>{t('needs-forms:invite.invited')}</h2>
      {need.invitedIds.length === 0 ? (
        <p>{t('needs-forms:invite.none')}</p>
      ) : (
        <ul>
          {need.invitedIds.map((id) => (
            <li key={id}>
              <a href={href(`/organisations/${id}`)}>
                <bdi>{names[id] ?? id}</bdi>
              </a>
            </li>
          ))}
        </ul>
      )}
      {mayBind(reader?.acting, 'approver') ? (
        <>
          <form method="get" action={href(`/needs/${need.id}/invitations`)} className="form" role="search">
            <div className="field">
              <label htmlFor="q">{t('needs-forms:invite.search')}</label>
              <input id="q" name="q" type="search" defaultValue={q} maxLength={200} dir="auto" />
            </div>
            <p className="actions">
              <button type="submit">{t('needs-forms:invite.find')}</button>
            </p>
          </form>
          {q !== '' && found.length === 0 ? <p>{t('needs-forms:invite.nothing')}</p> : null}
          <ul className="cards">
            {found.map(({ id, name, type, country }) => (
              <li key={id} className="card">
                <h3>
                  <a href={href(`/organisations/${id}`)}>
                    <bdi>{name}</bdi>
                  </a>
                </h3>
                <p className="meta">
                  <span>{t(`words:organisationType.${type}`)}</span>
                  {country === undefined ? null : <span>{countryName(locale, country)}</span>}
                </p>
                {need.invitedIds.includes(id) ? (
                  <p>{t('needs-forms:invite.already')}</p>
                ) : (
                  <PostForm>
                    <input type="hidden" name="organisation" value={id} />
                    <p>
                      <button type="submit" aria-label={t('needs-forms:invite.submitName', { name })}>
                        {t('needs-forms:invite.submit')}
                      </button>
                    </p>
                  </PostForm>
                )}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Notice>{t('needs-forms:approversOnly')}</Notice>
      )}
    </Page>
  );
}
