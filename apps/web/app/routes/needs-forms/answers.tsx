import { Content, countryName, languageName, Quantity, SdgList, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { Need } from './own-need.server.js';
import type { Topic } from './topics.js';

type Answer = readonly [label: string, value: React.ReactNode];

/** Everything a need says, topic by topic; with the way back to each where it may still be changed. */
export function Answers({ need, change }: { need: Need; change?: boolean }) {
  const t = useT();
  return (
    <>
      <About need={need} change={change} />
      <Place need={need} change={change} />
      <Part
        topic="lines"
        need={need}
        change={change}
        rows={need.lines.map((line) => [line.title, <LineOf key="line" line={line} />])}
      />
      <Part
        topic="criteria"
        need={need}
        change={change}
        rows={need.criteria.map(({ title, weight }) => [title, <bdi key="weight">{weight} %</bdi>])}
      />
      <Part
        topic="dates"
        need={need}
        change={change}
        rows={[
          [
            t('needs-forms:field.intakeClosesAt'),
            need.intakeClosesAt === undefined ? null : <When at={need.intakeClosesAt} time />,
          ],
          [t('needs-forms:field.validUntil'), need.validUntil === undefined ? null : <When at={need.validUntil} time />],
        ]}
      />
    </>
  );
}

interface PartProps {
  readonly need: Need;
  readonly change?: boolean | undefined;
}

function About({ need, change }: PartProps) {
  const t = useT();
  const { locale } = useFacts();
  const list = new Intl.ListFormat(locale, { type: 'unit' });
  const { title, summary, needType, language, useCase, buildingBlocks, solutions } = need;
  return (
    <Part
      topic="about"
      need={need}
      change={change}
      rows={[
        [
          t('needs-forms:field.title'),
          <Content key="title" lang={language}>
            {title}
          </Content>,
        ],
        [
          t('needs-forms:field.summary'),
          summary === undefined ? null : (
            <Content key="summary" lang={language} block>
              {summary}
            </Content>
          ),
        ],
        [t('needs-forms:field.needType'), needType === undefined ? null : t(`words:needType.${needType}`)],
        [t('needs-forms:field.language'), languageName(locale, language)],
        ...(useCase === undefined ? [] : [[t('needs-forms:field.useCase'), <bdi key="useCase">{useCase}</bdi>] as const]),
        ...(buildingBlocks.length === 0 ? [] : [[t('needs-forms:field.buildingBlocks'), list.format(buildingBlocks)] as const]),
        ...(solutions.length === 0 ? [] : [[t('needs-forms:field.solutions'), list.format(solutions)] as const]),
      ]}
    />
  );
}

function Place({ need, change }: PartProps) {
  const t = useT();
  const { locale } = useFacts();
  const { country, regions, sdgTargets } = need;
  return (
    <Part
      topic="place"
      need={need}
      change={change}
      rows={[
        [t('needs-forms:field.country'), country === undefined ? null : countryName(locale, country)],
        ...(regions.length === 0 ? [] : [[t('needs-forms:field.regions'), <bdi key="regions">{regions.join(', ')}</bdi>] as const]),
        [t('needs-forms:field.sdgTargets'), sdgTargets.length === 0 ? null : <SdgList key="sdg" targets={sdgTargets} />],
      ]}
    />
  );
}

function LineOf({ line: { kind, target, unit, minimum, recipient } }: { line: Need['lines'][number] }) {
  const t = useT();
  return (
    <>
      {t(`words:lineKind.${kind}`)}: <Quantity value={target} unit={unit} />
      {minimum === undefined ? null : (
        <>
          {' · '}
          {t('needs-forms:field.minimum')}: <Quantity value={minimum} unit={unit} />
        </>
      )}
      {' · '}
      {t('needs-forms:field.recipient')}: {t(`needs-forms:recipient.${recipient}`)}
    </>
  );
}

function Part({ topic, need, change, rows }: PartProps & { topic: Topic; rows: readonly Answer[] }) {
  const t = useT();
  const href = useHref();
  return (
    <section aria-labelledby={`answers-${topic}`}>
      <h2 id={`answers-${topic}`}>{t(`needs-forms:topic.${topic}`)}</h2>
      <dl className="facts">
        {rows.map(([label, value], index) => (
          <div key={index}>
            <dt>
              <bdi>{label}</bdi>
            </dt>
            <dd>{value ?? t('needs-forms:missing')}</dd>
          </div>
        ))}
      </dl>
      {rows.length === 0 ? <p>{t('needs-forms:missing')}</p> : null}
      {change ? (
        <p>
          <a href={href(`/needs/${need.id}/edit/${topic}`)}>
            {t('needs-forms:change')} <span className="visually-hidden">{t(`needs-forms:topic.${topic}`)}</span>
          </a>
        </p>
      ) : null}
    </section>
  );
}
