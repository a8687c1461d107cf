import type { InboxItem } from '@concord/contracts';

/** Where an object of the inbox is shown, below the language; undefined when it has no page of its own. */
export function placeOf(item: Pick<InboxItem, 'objectKind' | 'objectId' | 'needId' | 'projectId'>): string | undefined {
  const { objectKind, objectId, needId, projectId } = item;
  const inProject = projectId === undefined ? undefined : `/projects/${projectId}`;
  switch (objectKind) {
    case 'need':
      return `/needs/${objectId}`;
    case 'proposal':
      return `/proposals/${objectId}`;
    case 'pledge':
      return `/pledges/${objectId}`;
    case 'delivery':
      return `/deliveries/${objectId}`;
    case 'line':
      return needId === undefined ? undefined : `/needs/${needId}#line-${objectId}`;
    case 'project':
      return `/projects/${objectId}`;
    case 'milestone':
      return inProject === undefined ? undefined : `${inProject}/milestones/${objectId}`;
    case 'fund':
    case 'report':
      return inProject;
    case 'organisation':
      return `/organisations/${objectId}`;
    case 'person':
      return '/settings';
  }
}
