export { runService, startService, type RunningService, type ServiceOptions, type ServiceProcess } from './service.js';
export { runProcess, type Running } from './process.js';
export { KafkaSettings, kafkaSecurity, ServiceSettings } from './settings.js';
export { kafkaClient } from '../bus/kafka-client.js';
export { DEVELOPMENT_CLOCK, DEVELOPMENT_SETTLEMENT, type Settlement } from './development-routes.js';
export { Siblings, type SiblingListener } from './siblings.js';
