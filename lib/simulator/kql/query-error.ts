/** A query that this simulator does not answer. `code` is the one that Resource Graph puts into the second detail. */
export class QueryError extends Error {
  constructor(
    readonly code: 'ParserFailure' | 'InvalidQueryLanguage' | 'SemanticError' | 'InvalidTableName',
    message: string,
    readonly token: string,
    /** 1-based; -1 when Azure gives no position. */
    readonly position = -1,
  ) {
    super(message)
    this.name = 'QueryError'
  }
}
