/** Addresses of and logins to Tair and Redis instances of Alibaba Cloud, also those of another account. */
package io.millrace.credentials.alibaba;
