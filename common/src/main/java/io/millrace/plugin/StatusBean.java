package io.millrace.plugin;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registration of a status with JMX. A task must not fail for want of it. */
public final class StatusBean implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StatusBean.class);

    /** Which bean stands under a name: a task that ends late must not take away the bean of the one that follows it. */
    private static final Map<ObjectName, Object> OWNERS = new HashMap<>();

    private final Object bean;
    private final ObjectName name;

    private StatusBean(Object bean, ObjectName name) {
        this.bean = bean;
        this.name = name;
    }

    /**
     * Registers {@code io.millrace:type=<type>,connector=<connector>,<part>=<value>}. A bean that another run has left is
     * replaced.
     *
     * @param status implements an MXBean interface
     * @param part what the bean is about within its connector: shard or task
     */
    public static synchronized StatusBean register(
            Object status, String type, String connector, String part, String value) {
        try {
            ObjectName name = new ObjectName(
                    "io.millrace:type=" + type + ",connector=" + quoted(connector) + "," + part + "=" + quoted(value));
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
            server.registerMBean(status, name);
            OWNERS.put(name, status);
            return new StatusBean(status, name);
        } catch (JMException e) {
            log.warn("The status of connector {} is not visible through JMX: {}", connector, e.toString());
            return new StatusBean(null, null);
        }
    }

    private static String quoted(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (",=:\"*?\n".indexOf(value.charAt(i)) >= 0) {
                return ObjectName.quote(value);
            }
        }
        return value;
    }

    @Override
    public void close() {
        synchronized (StatusBean.class) {
            remove();
        }
    }

    private void remove() {
        if (bean == null || !OWNERS.remove(name, bean)) {
            return;
        }
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (JMException e) {
            log.warn("{} is still visible through JMX: {}", name, e.toString());
        }
    }
}
