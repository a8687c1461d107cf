import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { Num, Page } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { platformRolesOf } from './registrar.server.js';

/** How much waits for the registrars. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const roles = await platformRolesOf(visit);
    if (roles.length === 0) throw absent(visit);
    const registrar = roles.includes('registrar');
    const count = async (standing: string) =>
      (await visit.api.get<Listed<unknown>>('/organisations', { query: { standing, limit: 1, count: 'estimate' } })).body.count
        ?.value ?? 0;
    const [pending, suspended] = registrar ? await Promise.all([count('pending'), count('suspended')]) : [0, 0];
    return { registrar, roles, pending, suspended };
  });

/** What people with a platform role look after. */
export default function Administration() {
  const t = useT();
  const href = useHref();
  const { registrar, roles, pending, suspended } = useLoaderData<typeof loader>();
  const held = roles.map((role) => t(`words:platformRole.${role}`)).join(', ');
  const ways: readonly (readonly [string, string, string, number | undefined])[] = [
    ['/admin/verification', t('administration:queue.title'), t('administration:overview.queue'), pending],
    [
      '/organisations?standing=verified',
      t('administration:overview.verified'),
      t('administration:overview.verifiedText'),
      undefined,
    ],
    [
      '/organisations?standing=suspended',
      t('administration:overview.suspended'),
      t('administration:overview.suspendedText'),
      suspended,
    ],
    ['/admin/people', t('administration:person.title'), t('administration:overview.people'), undefined],
    ['/admin/operations', t('administration:operations.title'), t('administration:overview.operations'), undefined],
  ];
  return (
    <Page title={t('site:nav.administration')} lead={`${t('administration:overview.role')} ${held}`}>
      {registrar ? (
        <ul className="cards">
          {ways.map(([to, title, text, count]) => (
            <li key={to} className="card">
              <h2 className="card-title">
                <a href={href(to)}>{title}</a>{' '}
                {count === undefined ? null : (
                  <span className="count">
                    (<Num value={count} />)
                  </span>
                )}
              </h2>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      ) : (
        <p>{t('administration:overview.nothing')}</p>
      )}
    </Page>
  );
}
