export { notifications } from './notifications.service.js';
