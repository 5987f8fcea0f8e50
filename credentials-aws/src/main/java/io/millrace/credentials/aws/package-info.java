/** Logins to ElastiCache and MemoryDB by tokens that AWS IAM checks. */
package io.millrace.credentials.aws;
