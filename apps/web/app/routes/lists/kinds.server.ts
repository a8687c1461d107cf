import type { LineResource, NeedResource, PledgeResource, ProjectResource, PublicOrganisation } from '@concord/contracts';
import type { z } from 'zod';
import type { Translate } from '../../facts.js';
import type { Locale } from '../../locale.js';
import { countryName, numberText, quantityText } from '../../components/amounts.js';
import { proseWords } from '../../server/markdown.server.js';
import type { CalendarDate } from './calendar.js';
import { decimalText, type Cell } from './csv.js';
import type { FeedEntry } from './feeds.js';

type Need = z.output<typeof NeedResource>;
type Project = z.output<typeof ProjectResource>;
type Organisation = z.output<typeof PublicOrganisation>;
type Line = z.output<typeof LineResource>;
type Pledge = z.output<typeof PledgeResource>;

/** What rows are written with. */
export interface Pen {
  readonly t: Translate;
  readonly locale: Locale;
  readonly names: ReadonlyMap<string, string>;
  /** Absolute address of a page in the reader's language. */
  url(path: string): string;
}

/** A list that can be taken away: where it comes from, and how a row is written in each form. */
export interface ListKind<Row> {
  /** Parameters of the page's address that narrow or order the list; the API knows the same. */
  readonly query: readonly string[];
  readonly columns: Readonly<Record<string, (row: Row, pen: Pen) => Cell>>;
  /** Organisations that a row names. */
  readonly organisations: (row: Row) => readonly string[];
  readonly entry?: (row: Row, pen: Pen) => FeedEntry;
  readonly dates?: (row: Row, pen: Pen) => readonly CalendarDate[];
}

const digitsOf = (unit: string): number =>
  /^[A-Z]{3}$/u.test(unit)
    ? (new Intl.NumberFormat('en', { style: 'currency', currency: unit }).resolvedOptions().maximumFractionDigits ?? 2)
    : 0;
const amount = (value: number | undefined, unit: string): Cell =>
  value === undefined ? undefined : decimalText(value, digitsOf(unit));
const place = (code: string | undefined, { locale }: Pen): Cell => (code === undefined ? undefined : countryName(locale, code));
const joined = (values: readonly string[] | undefined): Cell => values?.join('; ');

const needs: ListKind<Need> = {
  query: ['status', 'needType', 'country', 'sdgGoal', 'sdgTarget', 'lineKind', 'organisation', 'language', 'q', 'sort'],
  organisations: ({ organisationId }) => [organisationId],
  columns: {
    id: ({ id }) => id,
    url: ({ id }, pen) => pen.url(`/needs/${id}`),
    title: ({ title }) => title,
    language: ({ language }) => language,
    status: ({ status }) => status,
    status_text: ({ status }, { t }) => t(`words:need.${status}`),
    need_type: ({ needType }) => needType,
    organisation: ({ organisationId }, { names }) => names.get(organisationId),
    country: ({ country }) => country,
    country_name: ({ country }, pen) => place(country, pen),
    sdg_targets: ({ sdgTargets }) => joined(sdgTargets),
    lines: ({ lines }) => joined(lines.map(({ kind, target, unit }) => `${kind} ${decimalText(target, digitsOf(unit))} ${unit}`)),
    intake_closes_at: ({ intakeClosesAt }) => intakeClosesAt,
    valid_until: ({ validUntil }) => validUntil,
    published_at: ({ publishedAt }) => publishedAt,
    updated_at: ({ updatedAt }) => updatedAt,
    summary: ({ summary }) => summary,
  },
  entry: ({ id, title, language, summary, status, organisationId, updatedAt }, { t, names, url }) => ({
    id,
    url: url(`/needs/${id}`),
    title,
    language,
    summary: `${t(`words:need.${status}`)}${summary === undefined ? '' : ` – ${proseWords(summary)}`}`,
    author: names.get(organisationId),
    updatedAt,
  }),
  dates: ({ id, title, status, intakeClosesAt, updatedAt }, { t, url }) =>
    status !== 'published' || intakeClosesAt === undefined
      ? []
      : [
          {
            uid: `${id}-intake@concord`,
            at: intakeClosesAt,
            title: t('lists:calendar.intake', { title }),
            url: url(`/needs/${id}`),
            stamp: updatedAt,
          },
        ],
};

const pending = ({ milestones }: Project) =>
  milestones
    .filter(({ status }) => !['accepted', 'released', 'dropped'].includes(status))
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));

const movedAt = ({ openedAt, startedAt, endedAt, lastUpdate, agreedPlan }: Project): string =>
  [openedAt, startedAt, endedAt, lastUpdate?.at, agreedPlan?.agreedAt]
    .filter((at) => at !== undefined)
    .reduce((a, b) => (Date.parse(a) > Date.parse(b) ? a : b));

const projects: ListKind<Project> = {
  query: ['status', 'need', 'lead', 'steward', 'organisation', 'country', 'sdg', 'q', 'sort'],
  organisations: ({ leadId, stewardId }) => [leadId, stewardId],
  columns: {
    id: ({ id }) => id,
    url: ({ id }, pen) => pen.url(`/projects/${id}`),
    title: ({ title }) => title,
    status: ({ status }) => status,
    status_text: ({ status }, { t }) => t(`words:project.${status}`),
    need_id: ({ needId }) => needId,
    lead: ({ leadId }, { names }) => names.get(leadId),
    steward: ({ stewardId }, { names }) => names.get(stewardId),
    country: ({ country }) => country,
    country_name: ({ country }, pen) => place(country, pen),
    sdg_targets: ({ sdgTargets }) => joined(sdgTargets),
    accepted_percent: ({ progress }) => progress.accepted,
    released_percent: ({ progress }) => progress.released,
    health: ({ health }) => health,
    next_milestone: (project) => pending(project)[0]?.title,
    next_due_on: (project) => pending(project)[0]?.dueOn,
    opened_at: ({ openedAt }) => openedAt,
    started_at: ({ startedAt }) => startedAt,
    ended_at: ({ endedAt }) => endedAt,
  },
  entry: (project, { t, locale, names, url }) => ({
    id: project.id,
    url: url(`/projects/${project.id}`),
    title: project.title,
    language: locale,
    summary: [
      t(`words:project.${project.status}`),
      t('lists:feed.accepted', { share: numberText(locale, project.progress.accepted / 100, { style: 'percent' }) }),
      ...(project.lastUpdate ? [project.lastUpdate.text] : []),
    ].join(' – '),
    author: names.get(project.leadId),
    updatedAt: movedAt(project),
  }),
  dates: (project, { t, url }) =>
    pending(project).map(({ milestoneId, title, dueOn }) => ({
      uid: `${milestoneId}@concord`,
      at: dueOn,
      title: t('lists:calendar.milestone', { milestone: title, project: project.title }),
      url: url(`/projects/${project.id}`),
      stamp: movedAt(project),
    })),
};

const organisations: ListKind<Organisation> = {
  query: ['type', 'kind', 'country', 'standing', 'sdg', 'sector', 'capability', 'serves', 'endorses', 'q', 'sort'],
  organisations: () => [],
  columns: {
    id: ({ id }) => id,
    url: ({ id }, pen) => pen.url(`/organisations/${id}`),
    name: ({ name }) => name,
    type: ({ type }) => type,
    type_text: ({ type }, { t }) => t(`words:organisationType.${type}`),
    country: ({ country }) => country,
    country_name: ({ country }, pen) => place(country, pen),
    identifier: ({ identifier }) => identifier,
    status: ({ standing }) => standing,
    status_text: ({ standing }, { t }) => t(`words:standing.${standing}`),
    valid_until: ({ validUntil }) => validUntil,
    sdg_targets: ({ sdgs }) => joined(sdgs),
    capabilities: ({ capabilities }) => joined(capabilities),
    countries_served: ({ countriesServed }) => joined(countriesServed),
    website: ({ website }) => website,
    registered_at: ({ registeredAt }) => registeredAt,
  },
  entry: ({ id, name, standing, type, description, registeredAt }, { t, locale, url }) => ({
    id,
    url: url(`/organisations/${id}`),
    title: name,
    language: locale,
    summary: [
      t(`words:organisationType.${type}`),
      t(`words:standing.${standing}`),
      ...(description ? [proseWords(description)] : []),
    ].join(' – '),
    author: undefined,
    updatedAt: registeredAt,
  }),
};

const lines: ListKind<Line> = {
  query: ['kind', 'unit', 'status'],
  organisations: () => [],
  columns: {
    id: ({ id }) => id,
    need_id: ({ needId }) => needId,
    title: ({ title }) => title,
    kind: ({ kind }) => kind,
    status: ({ status }) => status,
    status_text: ({ status }, { t }) => t(`words:line.${status}`),
    unit: ({ unit }) => unit,
    target: ({ target, unit }) => amount(target, unit),
    minimum: ({ minimum, unit }) => amount(minimum, unit),
    pledged: ({ pledged, unit }) => amount(pledged, unit),
    confirmed: ({ confirmed, unit }) => amount(confirmed, unit),
    delivered: ({ delivered, unit }) => amount(delivered, unit),
    gap: ({ gap, unit }) => amount(gap, unit),
  },
};

const pledges: ListKind<Pledge> = {
  query: ['line', 'organisation', 'kind', 'status', 'unit', 'sort'],
  organisations: ({ organisationId }) => [organisationId],
  columns: {
    id: ({ id }) => id,
    url: ({ id }, pen) => pen.url(`/pledges/${id}`),
    need_id: ({ needId }) => needId,
    line_id: ({ lineId }) => lineId,
    organisation: ({ organisationId }, { names }) => names.get(organisationId),
    kind: ({ kind }) => kind,
    status: ({ status }) => status,
    status_text: ({ status }, { t }) => t(`words:pledge.${status}`),
    unit: ({ unit }) => unit,
    quantity: ({ quantity, unit }) => amount(quantity, unit),
    confirmed: ({ confirmed, unit }) => amount(confirmed, unit),
    delivered: ({ delivered, unit }) => amount(delivered, unit),
    lapsed: ({ lapsed, unit }) => amount(lapsed, unit),
    made_at: ({ madeAt }) => madeAt,
    valid_until: ({ validUntil }) => validUntil,
    hash: ({ hash }) => hash,
  },
  entry: ({ id, organisationId, kind, status, unit, quantity, madeAt }, { t, locale, names, url }) => ({
    id,
    url: url(`/pledges/${id}`),
    title: `${names.get(organisationId) ?? ''}: ${t(`words:lineKind.${kind}`)}, ${quantityText(t, locale, quantity, unit)}`,
    language: locale,
    summary: t(`words:pledge.${status}`),
    author: names.get(organisationId),
    updatedAt: madeAt,
  }),
};

/** Every list by the name of its file. */
export const LIST_KINDS = { needs, projects, organisations, lines, pledges } as const;
/** Name of a list. */
export type ListName = keyof typeof LIST_KINDS;
