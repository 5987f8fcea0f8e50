package io.millrace.source.config;

import io.millrace.config.Finding;
import io.millrace.config.RedisSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the topic of a cluster source has the partitions that its records are addressed to, or will have them when Connect
 * makes it. A connector is not told where Kafka is; it can look at the topic only where its own configuration says so.
 */
public final class TopicCheck {

    private static final Logger log = LoggerFactory.getLogger(TopicCheck.class);

    private static final String CREATION = "topic.creation.";
    private static final String DEFAULT_GROUP = "default";
    private static final String PARTITIONS = ".partitions";
    private static final String ADMIN = "admin.override.";
    private static final String PRODUCER = "producer.override.";
    private static final String BOOTSTRAP = AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG;
    private static final int TIMEOUT_MS = 5_000;

    private TopicCheck() {}

    /** What Connect is told to make the topic with, against what the records need. */
    static List<Finding> contradictions(Map<String, ?> values, Map<String, String> properties) {
        if (!"cluster".equals(values.get(RedisSettings.TOPOLOGY))) {
            return List.of();
        }
        String topic = (String) values.get(CaptureSettings.TOPIC);
        String key = CREATION + group(topic, properties) + PARTITIONS;
        if (!properties.containsKey(key)) {
            key = CREATION + DEFAULT_GROUP + PARTITIONS;
        }
        int made;
        try {
            made = Integer.parseInt(properties.getOrDefault(key, "").strip());
        } catch (NumberFormatException e) {
            return List.of(); // not given, or Connect's own to refuse
        }
        int wanted = (Integer) values.get(CaptureSettings.TOPIC_PARTITIONS);
        if (made < 0 || made == wanted) {
            return List.of(); // less than 0 stands for the broker's default
        }
        return List.of(new Finding(
                key + " is " + made + " and " + CaptureSettings.TOPIC_PARTITIONS + " is " + wanted + ", so that Connect"
                        + " would make topic " + topic
                        + " with another number of partitions than its records are spread"
                        + " over: give both the same number.",
                key,
                CaptureSettings.TOPIC_PARTITIONS));
    }

    /** The first group that takes the topic, as Connect chooses it. */
    private static String group(String topic, Map<String, String> properties) {
        for (String group :
                properties.getOrDefault(CREATION + "groups", "").strip().split("\\s*,\\s*")) {
            if (!group.isEmpty()
                    && matches(topic, properties.get(CREATION + group + ".include"))
                    && !matches(topic, properties.get(CREATION + group + ".exclude"))) {
                return group;
            }
        }
        return DEFAULT_GROUP;
    }

    private static boolean matches(String topic, String patterns) {
        if (patterns == null) {
            return false;
        }
        try {
            return Pattern.matches(patterns.strip().replaceAll("\\s*,\\s*", "|"), topic);
        } catch (PatternSyntaxException e) {
            return false; // Connect's own to refuse
        }
    }

    /**
     * Looks at the topic, for at most a few seconds, where the configuration says where Kafka is.
     *
     * @return what is wrong; empty when all is well, when there is no such topic yet, and when it cannot be told
     */
    public static Optional<Finding> live(String topic, int wanted, Map<String, String> properties) {
        Map<String, Object> client = client(properties);
        if (!client.containsKey(BOOTSTRAP)) {
            return Optional.empty();
        }
        try (Admin admin = Admin.create(client)) {
            int found = admin.describeTopics(Set.of(topic))
                    .allTopicNames()
                    .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .get(topic)
                    .partitions()
                    .size();
            if (found > wanted) {
                log.warn(
                        "Topic {} has {} partitions, of which only {} will be used ({}).", topic, found, wanted, key());
            }
            return found >= wanted ? Optional.empty() : Optional.of(tooFew(topic, found, wanted));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            log.debug("The partitions of topic {} are not known. {}", topic, e.toString());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String key() {
        return CaptureSettings.TOPIC_PARTITIONS;
    }

    private static Finding tooFew(String topic, int found, int wanted) {
        return new Finding(
                "Topic " + topic + " has " + found + " partitions and " + key() + " is " + wanted + ": "
                        + remedy(topic, found, wanted),
                CaptureSettings.TOPIC,
                key());
    }

    /** What to do about a topic with too few partitions. */
    public static String remedy(String topic, int found, int wanted) {
        return "add the others (kafka-topics.sh --alter --topic " + topic + " --partitions " + wanted + "), or set "
                + key() + "=" + found + " if nothing was captured yet.";
    }

    /** The settings of Connect's own clients for this connector, as far as an admin client knows them. */
    private static Map<String, Object> client(Map<String, String> properties) {
        Map<String, Object> client = new HashMap<>();
        for (String prefix : List.of(PRODUCER, ADMIN)) {
            for (String name : AdminClientConfig.configNames()) {
                String value = properties.get(prefix + name);
                if (value != null) {
                    client.put(name, value);
                }
            }
        }
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        client.remove(AdminClientConfig.CLIENT_ID_CONFIG);
        return client;
    }
}
