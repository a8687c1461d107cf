import { geoEqualEarth, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import land from 'world-atlas/land-110m.json' with { type: 'json' };
import points from './country-points.json' with { type: 'json' };

/** Width of the drawing in its own units. */
export const MAP_WIDTH = 960;
/** Height of the drawing in its own units. */
export const MAP_HEIGHT = 468;

const places = points as unknown as Readonly<Record<string, readonly [number, number]>>;
const outlines = land as unknown as Parameters<typeof feature>[0];
const projection = geoEqualEarth().fitExtent(
  [
    [2, 2],
    [MAP_WIDTH - 2, MAP_HEIGHT - 2],
  ],
  { type: 'Sphere' },
);

let drawn: string | undefined;

/** Outline of the land as an SVG path: no borders, since every set of borders takes a side. Drawn once. */
export function landPath(): string {
  drawn ??= geoPath(projection).digits(1)(feature(outlines, outlines.objects['land']!)) ?? '';
  return drawn;
}

/** Where the circle of a country stands: near the middle of its largest part (Natural Earth by world-atlas), for no place in it. */
export function pointOf(code: string): readonly [number, number] | undefined {
  const place = places[code];
  const at = place && projection([place[0], place[1]]);
  return at ? [Math.round(at[0] * 10) / 10, Math.round(at[1] * 10) / 10] : undefined;
}
