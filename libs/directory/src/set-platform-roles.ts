import { platform } from '@concord/access';
import { PlatformRolesAnswer, PlatformRolesInput } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineAction } from '@concord/platform';
import { Person, setPlatformRoles } from './domain/person.js';
import { inSession } from './policy.js';

/** `POST /people/{id}/set-platform-roles` */
export const setRolesOnPlatform = defineAction({
  name: 'setPlatformRoles',
  summary: 'Set the platform roles of another person; nobody changes their own (same_person)',
  method: 'POST',
  path: '/people/:id/set-platform-roles',
  input: PlatformRolesInput,
  output: PlatformRolesAnswer,
  allows: inSession(platform('registrar')),
  run: async ({ params, input, subject, execute }) => {
    const id = Id.safeParse(params['id']).data;
    if (!subject || id === undefined) return { body: undefined };
    const body = await execute(
      (decision) => {
        const actor = decision.read(Person, subject.person).state;
        decision.append(Person, id, ...setPlatformRoles(decision.read(Person, id).state, actor, input.roles));
        return { id, platformRoles: [...decision.read(Person, id).state.platformRoles] };
      },
      [],
      (answer) => ({ body: answer }),
    );
    return { body };
  },
});
