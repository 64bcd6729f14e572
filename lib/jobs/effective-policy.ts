/** Pages may not import lib/scan; they need to know by which policy it judges. */
export { effectivePolicy, readPolicyFile } from '@/lib/scan/effective-policy'
