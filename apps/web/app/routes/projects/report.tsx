import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { Content, countryName, Money, numberText, Page, Prose, SdgList, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { RouteHandle } from '../../handle.js';
import { load } from '../../server/load.server.js';
import { boardOf, businessNow, namesFor, parameter, type Board, type Names, type Project } from './board.js';
import { budgetOf, type Fund } from './budget-rows.js';
import { Organisations } from './frame.js';
import { FundingTable } from './funding-table.js';
import { MilestoneTable } from './milestone-table.js';
import { Progress } from './progress.js';

/** For paper: no header, no footer. */
export const handle: RouteHandle = { bare: true };

/** Everything a donor asks for on one sheet. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const [now, { board }] = await Promise.all([businessNow(visit), boardOf(visit, parameter(args, 'id'))]);
    const budget = await budgetOf(visit, board.project);
    const names = await namesFor(
      visit,
      board,
      budget.pledges.map(({ organisationId }) => organisationId),
    );
    const funders = [...new Set(budget.pledges.map(({ organisationId }) => organisationId))];
    return {
      now,
      board,
      names,
      funders,
      lines: budget.lines,
      fund: budget.fund,
      url: `${visit.url.origin}${visit.href(`/projects/${board.project.id}`)}`,
    };
  });

/** The state of a project as a report to print. */
export default function ReportPage() {
  const t = useT();
  const href = useHref();
  const { now, board, names, funders, lines, fund, url } = useLoaderData<typeof loader>();
  const { project } = board;
  const { id, title, status } = project;
  return (
    <main className="wrap" id="main">
      <Page
        title={`${t('projects:print.title')}: ${title}`}
        heading={<bdi>{title}</bdi>}
        over={
          <>
            {t('projects:print.title')} · <StateBadge kind="project" state={status} />
          </>
        }
        lead={
          <>
            {t('projects:print.asOf')} <When at={now} time />
          </>
        }
      >
        <p className="actions">
          <a href={href(`/projects/${id}`)}>{t('projects:print.back')}</a>
          <span className="hint">{t('projects:print.hint')}</span>
        </p>
        <Parties project={project} names={names} funders={funders} />
        <h2>{t('projects:progressTitle')}</h2>
        <Progress progress={project.progress} />
        <MilestoneTable board={board} names={names} />
        <h2>{t('projects:funding.title')}</h2>
        <FundingTable projectId={id} lines={lines} />
        <Balances fund={fund} />
        <Told board={board} />
        <Afterwards project={project} names={names} />
        <p className="hint">
          {t('projects:print.source')} <code dir="ltr">{url}</code>
        </p>
      </Page>
    </main>
  );
}

function Parties({ project, names, funders }: { project: Project; names: Names; funders: readonly string[] }) {
  const t = useT();
  const { locale } = useFacts();
  const { leadId, stewardId, partnerIds, country, sdgTargets } = project;
  const groups = Object.entries({ lead: [leadId], steward: [stewardId], partners: partnerIds, contributors: funders });
  return (
    <dl className="facts">
      {groups.map(([key, ids]) =>
        ids.length === 0 ? null : (
          <div key={key}>
            <dt>{t(`projects:fact.${key}`)}</dt>
            <dd>
              <Organisations ids={ids} names={names} />
            </dd>
          </div>
        ),
      )}
      <div>
        <dt>{t('projects:fact.place')}</dt>
        <dd>{countryName(locale, country)}</dd>
      </div>
      <div>
        <dt>{t('projects:fact.sdg')}</dt>
        <dd>
          <SdgList targets={sdgTargets} />
        </dd>
      </div>
    </dl>
  );
}

function Balances({ fund }: { fund: Fund }) {
  const t = useT();
  return (
    <>
      <h2>{t('projects:budget.fund')}</h2>
      {fund.balances.length === 0 ? <p>{t('projects:budget.nothing')}</p> : null}
      <ul>
        {fund.balances.map(({ currency, received, spent, refunded, balance }) => (
          <li key={currency}>
            {t('projects:budget.received')} <Money minor={received} currency={currency} /> · {t('projects:budget.spent')}{' '}
            <Money minor={spent} currency={currency} /> · {t('projects:budget.refunded')}{' '}
            <Money minor={refunded} currency={currency} /> · {t('projects:budget.balance')}{' '}
            <Money minor={balance} currency={currency} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** What lead and steward wrote: with milestones, in reports, as news. */
function Told({ board: { project, milestones, reports } }: { board: Board }) {
  const t = useT();
  const { locale } = useFacts();
  const { lastUpdate } = project;
  const done = milestones.filter(({ submission }) => submission !== undefined);
  return (
    <>
      {done.length === 0 ? null : <h2>{t('projects:print.done')}</h2>}
      {done.map(({ id, title, submission, share, status }) => (
        <section key={id}>
          <h3>
            <bdi>{title}</bdi> ({numberText(locale, share / 100, { style: 'percent' })}){' '}
            <StateBadge kind="milestone" state={status} />
          </h3>
          <Prose>{submission?.narrative}</Prose>
        </section>
      ))}
      {reports
        .filter(({ submission }) => submission !== undefined)
        .map(({ id, kind, submission }) => (
          <section key={id}>
            <h2>{t(`projects:reportKind.${kind}`)}</h2>
            <Prose>{submission?.narrative}</Prose>
            <Prose>{submission?.lessons}</Prose>
          </section>
        ))}
      {lastUpdate === undefined ? null : (
        <section>
          <h2>{t('projects:update')}</h2>
          <Content lang={lastUpdate.language} block>
            {lastUpdate.text}
          </Content>
        </section>
      )}
    </>
  );
}

function Afterwards({ project: { stewardshipPlan }, names }: { project: Project; names: Names }) {
  const t = useT();
  if (stewardshipPlan === undefined) return null;
  return (
    <section>
      <h2>{t('projects:closing.title')}</h2>
      <Organisations ids={[stewardshipPlan.maintainerId]} names={names} />
      <Prose>{stewardshipPlan.funding}</Prose>
      <Prose>{stewardshipPlan.handover}</Prose>
    </section>
  );
}
