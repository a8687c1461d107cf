import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { Page } from '../../components/index.js';
import { useT } from '../../facts.js';
import { absent, load } from '../../server/load.server.js';
import { hasText } from '../../server/texts.server.js';

/** A code we have words for. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, (visit) => {
    const code = args.params['code'] ?? '';
    if (!/^[a-z_]+$/u.test(code) || !hasText(visit.locale, `problems:${code}`)) throw absent(visit);
    return { code };
  });

/** What a code means and what to do: the `type` of a problem document leads here. */
export default function Problem() {
  const t = useT();
  const { code } = useLoaderData<typeof loader>();
  return (
    <Page
      title={code}
      heading={<code dir="ltr">{code}</code>}
      over={t('site:problems.one')}
      lead={t(`problems:${code}`)}
      crumbs={[{ to: '/problems', label: t('site:problems.title') }]}
    >
      <p>{t('site:problems.help')}</p>
    </Page>
  );
}
