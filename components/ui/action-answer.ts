/** What a form's action answers when it does not lead to another page. */
export interface ActionAnswer {
  ok: boolean
  message: string
}
