import { Choices } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';

/** Roles in an organisation. */
export const ROLES = ['admin', 'approver', 'editor', 'field', 'viewer'] as const;

/** Roles to choose, each with what it means. */
export function RoleChoices({ state, chosen }: { state: FormState | undefined; chosen: readonly string[] }) {
  const t = useT();
  return (
    <Choices
      name="roles"
      label={t('account:members.roles')}
      several
      required
      state={state}
      defaultValues={chosen}
      options={ROLES.map((value) => ({ value, label: t(`words:role.${value}`), hint: t(`account:roleMeans.${value}`) }))}
    />
  );
}
