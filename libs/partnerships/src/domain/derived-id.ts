import { versionHash } from '@concord/kernel';

/**
 * Id of a stream that stands for something with a name of its own (a country, an organisation's pins): the same name gives the
 * same id in every process, so that a decision can read the stream without looking anything up. A UUID of version 8 (RFC 9562),
 * made from the SHA-256 of kind and name.
 */
export function derivedId(kind: 'country' | 'focal-point' | 'intake' | 'pinboard' | 'review', name: string): string {
  const hex = versionHash([kind, name]);
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
