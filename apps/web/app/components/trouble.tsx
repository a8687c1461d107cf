import { useHref, useFacts, useT } from '../facts.js';
import type { Trouble } from '../server/load.server.js';
import { Page } from './page.js';
import { SignInForm } from './sign-in-form.js';

/** The page for what cannot be shown. Absent and forbidden look the same. */
export function TroublePage({ trouble }: { trouble: Trouble }) {
  const t = useT();
  const href = useHref();
  const { path, search, reader } = useFacts();
  const { kind, correlationId, retryAfterS } = trouble;
  if (kind === 'sign_in') return <TypedKept trouble={trouble} />;
  const title = t(`site:trouble.${kind}.title`);
  return (
    <Page title={title} lead={t(`site:trouble.${kind}.text`)}>
      {kind === 'unavailable' && retryAfterS !== undefined ? <p>{t('site:trouble.retryAfter', { count: retryAfterS })}</p> : null}
      <ul className="actions">
        {kind === 'absent' ? null : (
          <li>
            <a className="button" href={`${href(path)}${search}`}>
              {t('site:trouble.again')}
            </a>
          </li>
        )}
        <li>
          <a className={kind === 'absent' ? 'button' : ''} href={href('/')}>
            {t('site:trouble.home')}
          </a>
        </li>
        <li>
          <a href={href('/needs')}>{t('site:nav.needs')}</a>
        </li>
        {reader ? null : (
          <li>
            <a href={`${href('/sign-in')}?return=${encodeURIComponent(path + search)}`}>{t('site:trouble.signIn')}</a>
          </li>
        )}
      </ul>
      {kind !== 'absent' && correlationId !== '' ? (
        <p>
          {t('site:trouble.correlation')} <code dir="ltr">{correlationId}</code>
        </p>
      ) : null}
    </Page>
  );
}

/** Signed out while typing: sign in here, then send what was typed with one more button. */
function TypedKept({ trouble }: { trouble: Trouble }) {
  const t = useT();
  const { path, search } = useFacts();
  return (
    <Page title={t('site:typedKept.title')} lead={t('site:typedKept.text')}>
      {trouble.filesLost ? <p>{t('site:typedKept.files')}</p> : null}
      <SignInForm back={path + search} typed={trouble.typed ?? []} />
    </Page>
  );
}
