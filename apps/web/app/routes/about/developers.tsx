import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { Page } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';

/** What programs send and get, in the order in which they meet it; words and headers of each. */
const RULES: readonly { readonly name: string; readonly codes: readonly string[]; readonly to?: string; readonly link?: string }[] =
  [
    { name: 'token', codes: ['Authorization: Bearer …'], to: '/settings/tokens', link: 'account:tokens.title' },
    { name: 'key', codes: ['Idempotency-Key: …'] },
    { name: 'version', codes: ['ETag', 'If-None-Match', 'If-Match'] },
    { name: 'pages', codes: ['limit', 'cursor', 'next', 'count=estimate', 'facets=true'] },
    { name: 'wait', codes: ['Prefer: wait=3'] },
    { name: 'values', codes: ['{"unit": "USD", "target": 60000000}'] },
    { name: 'problem', codes: ['application/problem+json'], to: '/problems', link: 'site:problems.title' },
    { name: 'limits', codes: ['Retry-After: 1'] },
    { name: 'rooms', codes: ['public', 'need:<id>', 'project:<id>', 'organisation:<id>', 'person:<id>'] },
    { name: 'files', codes: ['/needs.csv', '/needs.json', '/needs.atom'], to: '/data', link: 'lists:data.title' },
    {
      name: 'proof',
      codes: ['/api/v1/needs/<id>/stream?limit=1000', '/api/v1/checkpoints/partnerships', 'concord verify --stream <file>'],
      to: '/verify',
      link: 'site:footer.verify',
    },
  ];

/** The address of this site as the reader sees it. */
export const loader = (args: LoaderFunctionArgs) => load(args, ({ url }) => ({ origin: url.origin }));

/** Where the interface is and how to begin with it; the documents have the rest. */
export default function Developers() {
  const t = useT();
  const { origin } = useLoaderData<typeof loader>();
  return (
    <Page title={t('about:developers.title')} lead={t('about:developers.lead')} description={t('about:developers.lead')}>
      <section aria-labelledby="begin">
        <h2 id="begin">{t('about:developers.begin')}</h2>
        <div className="prose">
          <p>{t('about:developers.read')}</p>
          <Command text={`curl '${origin}/api/v1/needs?limit=3'`} />
          <p>{t('about:developers.write')}</p>
          <Command
            text={[
              `curl '${origin}/api/v1/needs'`,
              `-H "Authorization: Bearer $TOKEN"`,
              `-H 'Idempotency-Key: my-first-draft'`,
              `-H 'Content-Type: application/json'`,
              `-d '{"title": "Reading lamps", "language": "en"}'`,
            ].join(' \\\n  ')}
          />
        </div>
      </section>
      <Addresses origin={origin} />
      <section aria-labelledby="rules">
        <h2 id="rules">{t('about:developers.rules')}</h2>
        <div className="prose">
          <Rules />
        </div>
      </section>
    </Page>
  );
}

const Command = ({ text }: { text: string }) => (
  <pre className="command" dir="ltr">
    <code>{text}</code>
  </pre>
);

function Addresses({ origin }: { origin: string }) {
  const t = useT();
  const { realtimeUrl = origin } = useFacts();
  const documents = [
    ['openapi', '/openapi.json'],
    ['asyncapi', '/asyncapi.json'],
    ['keys', '/.well-known/jwks.json'],
  ] as const;
  return (
    <section aria-labelledby="addresses">
      <h2 id="addresses">{t('about:developers.addresses')}</h2>
      <dl className="facts pairs">
        <div>
          <dt>{t('about:developers.at.api')}</dt>
          <dd>
            <code dir="ltr">{`${origin}/api/v1`}</code>
          </dd>
        </div>
        {documents.map(([name, path]) => (
          <div key={name}>
            <dt>{t(`about:developers.at.${name}`)}</dt>
            <dd>
              <a href={path}>
                <code dir="ltr">{`${origin}${path}`}</code>
              </a>
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('about:developers.at.sockets')}</dt>
          <dd>
            <code dir="ltr">{`${realtimeUrl.replace(/\/+$/u, '')}/realtime`}</code>
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Rules() {
  const t = useT();
  const href = useHref();
  return (
    <dl className="facts">
      {RULES.map(({ name, codes, to, link }) => (
        <div key={name}>
          <dt>{t(`about:developers.rule.${name}.term`)}</dt>
          <dd>
            {t(`about:developers.rule.${name}.text`)}
            {to === undefined || link === undefined ? null : (
              <>
                {' '}
                <a href={href(to)}>{t(link)}</a>
              </>
            )}
            <ul className="nav">
              {codes.map((code) => (
                <li key={code}>
                  <code dir="ltr">{code}</code>
                </li>
              ))}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  );
}
