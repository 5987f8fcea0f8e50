package io.millrace.credentials.alibaba;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.endpoint.Location;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where an instance is, by DescribeDBInstanceNetInfo. An answer serves half a minute, as every connection asks. Thread-safe. */
final class InstanceLocation implements Location {

    private static final Duration GOOD_FOR = Duration.ofSeconds(30);

    private final OpenApi tair;
    private final Keys keys;
    private final String instance;
    private final String network;
    private Address found;
    private Instant until = Instant.MIN;

    /** @param network private or public */
    InstanceLocation(OpenApi tair, Keys keys, String instance, String network) {
        this.tair = tair;
        this.keys = keys;
        this.instance = instance;
        this.network = network;
    }

    @Override
    public Address name() {
        return new Address(instance, Address.DEFAULT_PORT);
    }

    @Override
    public synchronized Address lookUp() {
        if (Instant.now().isAfter(until)) {
            found = ask();
            until = Instant.now().plus(GOOD_FOR);
        }
        return found;
    }

    private Address ask() {
        Map<?, ?> answer = tair.call(
                "DescribeDBInstanceNetInfo",
                Map.of("InstanceId", instance),
                keys,
                "the address of the instance " + instance);
        if (answer.get("NetInfoItems") instanceof Map<?, ?> items
                && items.get("InstanceNetInfo") instanceof List<?> addresses) {
            for (Object one : addresses) {
                if (one instanceof Map<?, ?> address && isWanted(address)) {
                    return address(address);
                }
            }
        }
        throw CredentialsException.lasting("the instance " + instance + " has no " + network
                + " address; choose the other network, or give it one");
    }

    /** Private and Inner are the networks of VPC and of the classic kind; a direct address is of one shard alone. */
    private boolean isWanted(Map<?, ?> address) {
        String type = String.valueOf(address.get("IPType")).toLowerCase(Locale.ROOT);
        boolean isPublic = type.equals("public");
        boolean direct = "1".equals(String.valueOf(address.get("DirectConnection")));
        return isPublic == network.equals("public") && !direct;
    }

    private Address address(Map<?, ?> address) {
        try {
            return new Address(
                    String.valueOf(address.get("ConnectionString")),
                    Integer.parseInt(String.valueOf(address.get("Port"))));
        } catch (NumberFormatException | InvalidEndpointException e) {
            throw CredentialsException.retryable("Tair of Alibaba Cloud gives an address that is none");
        }
    }

    @Override
    public String toString() {
        return "the instance " + instance;
    }
}
