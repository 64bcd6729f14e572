export { announce, type AnnounceOptions } from './announce'
export { createTest, keepChannel, type ChannelForm } from './channels'
export { deliver, type DeliverOptions } from './deliver'
export type { MailSettings, NotifySettings } from './settings'
