import { DataTable, Page } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';

const SECTIONS = ['privacy', 'moderation', 'accessibility'] as const;
/** Personal data that is held: what, why, and who sees it. */
const HELD = ['account', 'steps', 'verification', 'invitation', 'inbox', 'review', 'attempts'] as const;
/** Names of the cookies as server/session.server.ts sets them. */
const COOKIES = [
  ['concord_session', 'session'],
  ['concord_acting', 'acting'],
  ['concord_locale', 'locale'],
] as const;

/** What Concord does with data of people and with what is published, and what the operator of a site has to add. */
export default function Policies() {
  const t = useT();
  const href = useHref();
  return (
    <Page title={t('about:policies.title')} lead={t('about:policies.lead')} description={t('about:policies.lead')}>
      <nav aria-label={t('about:policies.sections')}>
        <ul className="nav">
          {SECTIONS.map((name) => (
            <li key={name}>
              <a href={`#${name}`}>{t(`about:policies.${name}.title`)}</a>
            </li>
          ))}
        </ul>
      </nav>
      <Privacy />
      <Moderation />
      <section id="accessibility" aria-labelledby="accessibility-title">
        <h2 id="accessibility-title">{t('about:policies.accessibility.title')}</h2>
        <div className="prose">
          <p>{t('about:policies.accessibility.text')}</p>
          <p>
            <a href={href('/accessibility')}>{t('about:policies.accessibility.link')}</a>
          </p>
        </div>
      </section>
    </Page>
  );
}

function Privacy() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  return (
    <section id="privacy" aria-labelledby="privacy-title">
      <h2 id="privacy-title">{t('about:policies.privacy.title')}</h2>
      <h3>{t('about:policies.privacy.heldTitle')}</h3>
      <DataTable
        caption={t('about:policies.privacy.heldTitle')}
        captionHidden
        rows={HELD}
        rowKey={(name) => name}
        columns={[
          {
            key: 'what',
            label: t('about:policies.privacy.what'),
            heads: true,
            cell: (name) => t(`about:policies.held.${name}.what`),
          },
          { key: 'why', label: t('about:policies.privacy.why'), cell: (name) => t(`about:policies.held.${name}.why`) },
          { key: 'who', label: t('about:policies.privacy.who'), cell: (name) => t(`about:policies.held.${name}.who`) },
        ]}
      />
      <div className="prose">
        <ul>
          {['published', 'files', 'hours', 'logs'].map((name) => (
            <li key={name}>{t(`about:policies.privacy.${name}`)}</li>
          ))}
        </ul>
        <h3>{t('about:policies.privacy.sessionsTitle')}</h3>
        <p>
          {t('about:policies.privacy.sessions')}{' '}
          {reader ? <a href={href('/settings/sessions')}>{t('account:sessions.title')}</a> : null}
        </p>
        <h3>{t('about:policies.privacy.cookiesTitle')}</h3>
        <p>{t('about:policies.privacy.cookies')}</p>
        <dl className="facts">
          {COOKIES.map(([cookie, name]) => (
            <div key={cookie}>
              <dt>
                <code dir="ltr">{cookie}</code>
              </dt>
              <dd>{t(`about:policies.cookie.${name}`)}</dd>
            </div>
          ))}
        </dl>
        <h3>{t('about:policies.privacy.othersTitle')}</h3>
        <p>{t('about:policies.privacy.others')}</p>
        <h3>{t('about:policies.privacy.rightsTitle')}</h3>
        <p>{t('about:policies.privacy.rights')}</p>
        <p>{t('about:policies.privacy.operator')}</p>
      </div>
    </section>
  );
}

function Moderation() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  return (
    <section id="moderation" aria-labelledby="moderation-title">
      <h2 id="moderation-title">{t('about:policies.moderation.title')}</h2>
      <div className="prose">
        <ul>
          {['verified', 'suspend', 'project', 'need', 'nobody', 'reasons'].map((name) => (
            <li key={name}>{t(`about:policies.moderation.${name}`)}</li>
          ))}
        </ul>
        <ul>
          <li>
            <a href={href('/organisations?standing=suspended')}>{t('about:policies.moderation.suspended')}</a>
          </li>
          <li>
            <a href="/api/v1/decisions/directory">{t('about:policies.moderation.log')}</a>
          </li>
          {reader?.acting ? (
            <li>
              <a href={href(`/organisations/${reader.acting.id}/verification`)}>{t('about:policies.moderation.own')}</a>
            </li>
          ) : null}
        </ul>
        <p>{t('about:policies.moderation.missing')}</p>
        <p>{t('about:policies.moderation.operator')}</p>
      </div>
    </section>
  );
}
