import type { PledgeResource } from '@concord/contracts';
import { ApiProblem } from '@concord/client';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Notice, Page, Quantity, StateBadge, When } from '../../components/index.js';
import type { HistoryEntry, Listed } from '../../api.js';
import { useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { verdictOf } from './verdict.js';

const HASH = /^[0-9a-f]{64}$/u;
const HISTORY = 100;

/** The hash and the pledge that the address names, compared with the record. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const hash = (args.params['hash'] ?? visit.url.searchParams.get('hash') ?? '').trim().toLowerCase();
    const id = (visit.url.searchParams.get('pledge') ?? '').trim().toLowerCase();
    if (hash === '' && id === '') return { hash, id, asked: false as const };
    const path = `/pledges/${encodeURIComponent(id)}`;
    const pledge = !HASH.test(hash) || id === '' ? undefined : await pledgeAt(() => visit.publicApi.get(path));
    if (!pledge) return { hash, id, asked: true as const };
    const { body } = await visit.publicApi.get<Listed<HistoryEntry>>(`${path}/history`, { query: { limit: HISTORY } });
    const { organisationId, unit, quantity, status, madeAt } = pledge;
    const issuer = (await visit.namesOf([organisationId])).get(organisationId);
    const found = { id: pledge.id, organisationId, unit, quantity, status, madeAt, issuer };
    return { hash, id, asked: true as const, found, verdict: verdictOf(hash, pledge, body.items) };
  });

async function pledgeAt(get: () => Promise<{ body: unknown }>): Promise<z.output<typeof PledgeResource> | undefined> {
  try {
    return (await get()).body as z.output<typeof PledgeResource>;
  } catch (error) {
    // No such number: the answer says so, as for any other that does not fit.
    if (error instanceof ApiProblem && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}

/** Says whether a certificate is what the record has. Hashes are found by the pledge's number: the record keeps no index of hashes. */
export default function Verify() {
  const t = useT();
  const href = useHref();
  const { hash, id, asked, found, verdict } = useLoaderData<typeof loader>();
  const is = verdict?.is ?? 'unknown';
  return (
    <Page title={t('certificates:verify.title')} lead={t('certificates:verify.lead')}>
      {asked ? (
        <Notice kind={is === 'current' ? 'success' : 'warning'} title={t(`certificates:verdict.${is}.title`)}>
          <p>{t(`certificates:verdict.${is}.text`)}</p>
          {verdict?.is === 'current' && verdict.ended ? <p>{t('certificates:ended')}</p> : null}
          {verdict?.is === 'replaced' ? (
            <p>
              {t('certificates:verdict.madeAt')} <When at={verdict.at} />
            </p>
          ) : null}
          {found && is !== 'foreign' ? (
            <dl className="facts pairs">
              <div>
                <dt>{t('certificates:issuer')}</dt>
                <dd>
                  <a href={href(`/organisations/${found.organisationId}`)}>
                    <bdi>{found.issuer ?? found.organisationId}</bdi>
                  </a>
                </dd>
              </div>
              <div>
                <dt>{t('certificates:verdict.now')}</dt>
                <dd>
                  <Quantity value={found.quantity} unit={found.unit} /> <StateBadge kind="pledge" state={found.status} />
                </dd>
              </div>
              <div>
                <dt>{t('certificates:row.made')}</dt>
                <dd>
                  <When at={found.madeAt} />
                </dd>
              </div>
            </dl>
          ) : null}
          {found ? (
            <p>
              <a href={href(`/pledges/${found.id}/certificate`)}>{t('certificates:verdict.certificate')}</a>
            </p>
          ) : null}
        </Notice>
      ) : null}
      <form className="form" method="get" action={href('/verify')}>
        <div className="field">
          <label htmlFor="pledge">{t('certificates:row.number')}</label>
          <input id="pledge" name="pledge" defaultValue={id} dir="ltr" spellCheck={false} autoComplete="off" maxLength={36} />
        </div>
        <div className="field">
          <label htmlFor="hash">{t('certificates:row.hash')}</label>
          <input id="hash" name="hash" defaultValue={hash} dir="ltr" spellCheck={false} autoComplete="off" maxLength={64} />
        </div>
        <p className="actions">
          <button type="submit">{t('certificates:verify.submit')}</button>
        </p>
      </form>
    </Page>
  );
}
