/** The request header in which proxy.ts tells pages their own path and query; whatever a browser sends there is overwritten. */
export const requestPathHeader = 'x-keypoint-path'
