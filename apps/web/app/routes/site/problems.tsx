import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { Page } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { textsOf } from '../../server/texts.server.js';

/** Every code, by its letters. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, ({ locale }) => ({
    problems: Object.entries(textsOf(locale, ['problems'])['problems'] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
  }));

/** Every message of Concord by its code. */
export default function Problems() {
  const t = useT();
  const href = useHref();
  const { problems } = useLoaderData<typeof loader>();
  return (
    <Page title={t('site:problems.title')} lead={t('site:problems.lead')}>
      <dl className="facts">
        {problems.map(([code, text]) => (
          <div key={code}>
            <dt>
              <a href={href(`/problems/${code}`)}>
                <code dir="ltr">{code}</code>
              </a>
            </dt>
            <dd>{String(text)}</dd>
          </div>
        ))}
      </dl>
    </Page>
  );
}
