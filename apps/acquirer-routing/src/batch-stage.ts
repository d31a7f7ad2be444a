export { BatchStage, type BatchStageOptions } from '@fourway/platform-resilience';
