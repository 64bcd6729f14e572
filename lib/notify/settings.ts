/** What sending messages needs of the environment. */
export interface NotifySettings {
  /** The public base URL of the web app, without a slash at its end. */
  baseUrl: string
  /** The session secrets, which seal channels: the first seals, all of them unseal. */
  secrets: readonly string[]
  /** Networks in CIDR form that webhooks may lead to though they are not public. */
  networks: readonly string[]
  /** Null: no mail server is configured. */
  mail: MailSettings | null
}

export interface MailSettings {
  /** `smtp://` (STARTTLS where the server offers it, always with a password) or `smtps://`, with user and password where the server asks for them. */
  smtpUrl: string
  /** The sender, `Keypoint <keypoint@example.com>`. */
  from: string
}
