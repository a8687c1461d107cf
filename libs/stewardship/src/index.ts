export { stewardship, type StewardshipOptions } from './stewardship.service.js';
