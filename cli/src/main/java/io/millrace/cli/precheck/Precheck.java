package io.millrace.cli.precheck;

/** One question that is asked before a migration begins. It changes nothing on either side. */
interface Precheck {
    /** @throws io.millrace.failure.RedisFailureException when a server does not answer the question */
    CheckResult run(Servers servers);
}
