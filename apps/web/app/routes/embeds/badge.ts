import { ApiProblem } from '@concord/client';
import type { NeedFunding, NeedResource, ProjectResource } from '@concord/contracts';
import { createHash } from 'node:crypto';
import type { LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { numberText, percentText } from '../../components/amounts.js';
import { directionOf } from '../../locale.js';
import { load } from '../../server/load.server.js';
import { visitOf, type Visit } from '../../server/visit.server.js';
import { badgeSvg } from './badge-svg.js';

const orNothing = (error: unknown): undefined => {
  if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) return undefined;
  throw error;
};

/** What a badge says of a need or a project that everybody may see; undefined for anything else. */
async function wordsFor(visit: Visit, id: string): Promise<{ label: string; value: string } | undefined> {
  const api = visit.publicApi;
  const { t, locale } = visit;
  const need = await api.get<z.output<typeof NeedResource>>(`/needs/${id}`).catch(orNothing);
  if (need) {
    const { body } = await api.get<z.output<typeof NeedFunding>>(`/needs/${id}/funding`);
    const money = body.units.filter(({ kind }) => kind === 'funding');
    const [only] = money;
    const state = t(`words:need.${need.body.status}`);
    const value = only && money.length === 1 ? `${state}, ${percentText(locale, only.confirmed, only.target)}` : state;
    return { label: t('embeds:need'), value };
  }
  const project = await api.get<z.output<typeof ProjectResource>>(`/projects/${id}`).catch(orNothing);
  if (!project) return undefined;
  const { status, progress } = project.body;
  const share = numberText(locale, progress.accepted / 100, { style: 'percent' });
  return { label: t('embeds:project'), value: `${t(`words:project.${status}`)}, ${share}` };
}

/** `/badge/<id>.svg`: the state of a need or a project as a picture, for pages elsewhere. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const visit = visitOf(args);
  const id = /^([0-9a-f-]{36})\.svg$/u.exec(args.params['file'] ?? '')?.[1];
  const words = id === undefined ? undefined : await load(args, () => wordsFor(visit, id));
  const language = visit.locale;
  const svg = badgeSvg({
    ...(words ?? { label: 'Concord', value: visit.t('embeds:absent') }),
    language,
    rtl: directionOf(language) === 'rtl',
  });
  const headers = {
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=300',
    'cross-origin-resource-policy': 'cross-origin',
    etag: `"${createHash('sha256').update(svg).digest('base64url').slice(0, 22)}"`,
  };
  const known = args.request.headers.get('if-none-match') === headers.etag;
  return known ? new Response(null, { status: 304, headers }) : new Response(svg, { status: words ? 200 : 404, headers });
}
