import type { NeedResource, PledgeResource, PublicOrganisation } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Content, countryName, Page, Quantity, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { RouteHandle } from '../../handle.js';
import { load } from '../../server/load.server.js';
import { missingOf, type Issuer } from './issuer.js';
import { qrPath } from './qr.server.js';

type Pledge = z.output<typeof PledgeResource>;
type Need = z.output<typeof NeedResource>;

/** Made for paper. */
export const handle: RouteHandle = { bare: true };

const ENDED: readonly string[] = ['withdrawn', 'declined', 'lapsed'];
const FIRM: readonly string[] = ['confirmed', 'partly_delivered', 'delivered'];

/** A pledge with who made it and what it is for, as everybody may see them. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { body: pledge } = await visit.publicApi.get<Pledge>(`/pledges/${encodeURIComponent(args.params['id'] ?? '')}`);
    const [organisation, need] = await Promise.all([
      visit.publicApi.get<z.output<typeof PublicOrganisation>>(`/organisations/${pledge.organisationId}`),
      visit.publicApi.get<Need>(`/needs/${pledge.needId}`),
    ]);
    const { id, name, type, country, identifier, standing, website } = organisation.body;
    const issuer: Issuer = { id, name, type, country, identifier, standing, website };
    const address = `${visit.url.origin}${visit.href(`/verify/${pledge.hash}`)}?pledge=${pledge.id}`;
    const names = await visit.namesOf([pledge.ownerId, ...(pledge.recipientId === undefined ? [] : [pledge.recipientId])]);
    const line = need.body.lines.find(({ lineId }) => lineId === pledge.lineId);
    return {
      ...{ pledge, issuer, address, missing: missingOf(issuer), qr: qrPath(address), line: line?.title },
      need: { id: need.body.id, title: need.body.title, language: need.body.language },
      owner: names.get(pledge.ownerId),
      recipient: pledge.recipientId === undefined ? undefined : names.get(pledge.recipientId),
    };
  });

/** The certificate of a pledge; a refusal when it is not known in law who makes it. */
export default function Certificate() {
  const t = useT();
  const href = useHref();
  const { pledge, issuer, missing } = useLoaderData<typeof loader>();
  return (
    <main className="wrap paper" id="main">
      {missing.length === 0 ? (
        <Paper />
      ) : (
        <Page title={t('certificates:refused.title')} lead={t('certificates:refused.lead', { name: issuer.name })}>
          <ul>
            {missing.map((field) => (
              <li key={field}>{t(`certificates:refused.${field}`)}</li>
            ))}
          </ul>
          <p>
            <a href={href(`/organisations/${issuer.id}`)}>
              <bdi>{issuer.name}</bdi>
            </a>
          </p>
        </Page>
      )}
      <p className="actions">
        <a href={href(`/pledges/${pledge.id}`)}>{t('certificates:back')}</a>
        {missing.length === 0 ? <span className="hint">{t('certificates:print')}</span> : null}
      </p>
    </main>
  );
}

/** What was pledged, as rows of a name and a value; what there is none of has no row. */
function usePledgeRows(): readonly (readonly [string, React.ReactNode])[] {
  const t = useT();
  const { pledge, need, owner, recipient, line } = useLoaderData<typeof loader>();
  const { id, unit, quantity, kind, status, confirmed, delivered, offerVersion, hash, madeAt, validUntil } = pledge;
  const firm = FIRM.includes(status);
  const name = (text: string | undefined) => (text === undefined ? null : <bdi>{text}</bdi>);
  const code = (text: string) => <code dir="ltr">{text}</code>;
  return [
    ['amount', <Quantity key="amount" value={quantity} unit={unit} />],
    ['kind', t(`words:lineKind.${kind}`)],
    ['state', <StateBadge key="state" kind="pledge" state={status} />],
    ['confirmed', firm ? <Quantity value={confirmed} unit={unit} /> : null],
    ['delivered', firm ? <Quantity value={delivered} unit={unit} /> : null],
    [
      'need',
      <Content key="need" lang={need.language}>
        {need.title}
      </Content>,
    ],
    ['line', name(line)],
    ['owner', name(owner)],
    ['recipient', name(recipient)],
    ['made', <When key="made" at={madeAt} />],
    ['valid', status === 'offered' ? <When at={validUntil} /> : null],
    ['number', code(id)],
    ['version', String(offerVersion)],
    ['hash', code(hash)],
  ];
}

function Paper() {
  const t = useT();
  const { pledge, address, qr } = useLoaderData<typeof loader>();
  const { status } = pledge;
  const rows = usePledgeRows();
  return (
    <Page
      title={t('certificates:title')}
      over="Concord"
      lead={t(FIRM.includes(status) ? 'certificates:firm' : 'certificates:offer')}
    >
      {ENDED.includes(status) ? (
        <p className="notice warning">
          <b>{t('certificates:ended')}</b>
        </p>
      ) : null}
      <IssuerBlock />
      <section aria-labelledby="pledge">
        <h2 id="pledge">{t('certificates:pledge')}</h2>
        <dl className="facts pairs">
          {rows.map(([key, value]) =>
            value === null ? null : (
              <div key={key}>
                <dt>{t(`certificates:row.${key}`)}</dt>
                <dd>{value}</dd>
              </div>
            ),
          )}
        </dl>
      </section>
      <section aria-labelledby="check" className="check">
        <svg
          className="qr"
          viewBox={`0 0 ${qr.side} ${qr.side}`}
          width="132"
          height="132"
          role="img"
          aria-label={t('certificates:qr')}
        >
          <rect width={qr.side} height={qr.side} fill="#ffffff" />
          <path d={qr.path} fill="#000000" />
        </svg>
        <div>
          <h2 id="check">{t('certificates:check')}</h2>
          <p>{t('certificates:checkText')}</p>
          <p>
            <a href={address}>
              <code dir="ltr">{address}</code>
            </a>
          </p>
        </div>
      </section>
    </Page>
  );
}

/** Who is bound: what the registrars verified. */
function IssuerBlock() {
  const t = useT();
  const { locale } = useFacts();
  const { issuer } = useLoaderData<typeof loader>();
  const { name, type, identifier, country, website } = issuer;
  return (
    <section aria-labelledby="issuer">
      <h2 id="issuer">{t('certificates:issuer')}</h2>
      <address>
        <b>
          <bdi>{name}</bdi>
        </b>
        <br />
        {t(`words:organisationType.${type}`)}
        <br />
        {t('certificates:register')} <code dir="ltr">{identifier}</code>
        <br />
        {countryName(locale, country ?? '')}
        {website === undefined ? null : (
          <>
            <br />
            <bdi>{website}</bdi>
          </>
        )}
      </address>
      <p className="hint">{t('certificates:noPostal')}</p>
    </section>
  );
}
