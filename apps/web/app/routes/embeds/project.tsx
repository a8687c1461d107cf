import type { ProjectResource } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { numberText, StateBadge, When } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { RouteHandle } from '../../handle.js';
import { load } from '../../server/load.server.js';
import { EmbedCard } from './card.js';

/** In a frame anywhere: nobody is signed in here. */
export const handle: RouteHandle = { embed: true };

/** A project as everybody sees it. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { body } = await visit.publicApi.get<z.output<typeof ProjectResource>>(
      `/projects/${encodeURIComponent(args.params['id'] ?? '')}`,
    );
    const { id, title, status, progress, milestones, leadId, health } = body;
    const counted = milestones.filter((one) => one.status !== 'dropped');
    const done = counted.filter((one) => one.status === 'accepted' || one.status === 'released').length;
    const [next] = counted
      .filter((one) => one.status !== 'accepted' && one.status !== 'released')
      .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
    const lead = (await visit.namesOf([leadId])).get(leadId);
    return {
      ...{ id, title, status, health, lead, done, all: counted.length, accepted: progress.accepted },
      ...(next ? { next: { title: next.title, dueOn: next.dueOn } } : {}),
    };
  });

/** The progress card of a project. */
export default function ProjectCard() {
  const t = useT();
  const { locale } = useFacts();
  const { id, title, status, health, lead, done, all, accepted, next } = useLoaderData<typeof loader>();
  const share = numberText(locale, accepted / 100, { style: 'percent' });
  return (
    <EmbedCard
      title={title}
      to={`/projects/${id}`}
      over={
        <>
          {t('embeds:project')} · <StateBadge kind="project" state={status} />{' '}
          {health === undefined ? null : <StateBadge kind="health" state={health} />}
        </>
      }
    >
      <p className="meta">{lead === undefined ? null : <bdi>{lead}</bdi>}</p>
      <p className="meta">
        <b>{t('lists:feed.accepted', { share })}</b>
        <span>{t('embeds:milestones', { done: numberText(locale, done), all: numberText(locale, all) })}</span>
      </p>
      <svg
        className="bar"
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        role="img"
        aria-label={t('lists:feed.accepted', { share })}
      >
        <rect className="bar-whole" x="0" y="0" width="100" height="8" />
        <rect className="bar-done" x="0" y="0" width={accepted} height="8" />
      </svg>
      {next === undefined ? null : (
        <p className="meta">
          <span>
            {t('embeds:next')} <bdi>{next.title}</bdi>
          </span>
          <When at={next.dueOn} />
        </p>
      )}
    </EmbedCard>
  );
}
