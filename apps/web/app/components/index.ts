// Everything a page is made of; props are documented at each component.
export {
  Content,
  countryName,
  languageName,
  Money,
  moneyText,
  Num,
  numberText,
  percentText,
  Prose,
  Quantity,
  quantityText,
  When,
  whenText,
} from './amounts.js';
export { ProgressBar, StackedBar, type Part } from './bars.js';
export { Choices, Field, FieldGroup, FieldSet, typed, type Option } from './field.js';
export { changedQuery, EmptyState, Facets, Pager, Results, type Facet } from './list.js';
export { Notice } from './notice.js';
export { Breadcrumb, Page, type Crumb } from './page.js';
export { ErrorSummary, fieldId, PostForm } from './post-form.js';
export { SdgList, SdgMark } from './sdg.js';
export { NextStep, StateBadge } from './state.js';
export { DataTable, type Column } from './table.js';
export { Timeline, type TimelineEntry } from './timeline.js';
