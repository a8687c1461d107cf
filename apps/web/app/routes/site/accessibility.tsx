import { Page } from '../../components/index.js';
import { useT } from '../../facts.js';

/** The accessibility statement. */
export default function Accessibility() {
  const t = useT();
  return (
    <Page title={t('site:accessibility.title')} lead={t('site:accessibility.lead')}>
      <div className="prose">
        <h2>{t('site:accessibility.measuresTitle')}</h2>
        <ul>
          {['scripts', 'keyboard', 'zoom', 'languages', 'colour', 'charts'].map((key) => (
            <li key={key}>{t(`site:accessibility.measures.${key}`)}</li>
          ))}
        </ul>
        <h2>{t('site:accessibility.checkedTitle')}</h2>
        <p>{t('site:accessibility.checked')}</p>
        <h2>{t('site:accessibility.knownTitle')}</h2>
        <p>{t('site:accessibility.known')}</p>
        <h2>{t('site:accessibility.contactTitle')}</h2>
        <p>{t('site:accessibility.contact')}</p>
      </div>
    </Page>
  );
}
