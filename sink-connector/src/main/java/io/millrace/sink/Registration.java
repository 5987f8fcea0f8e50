package io.millrace.sink;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registration of a status with JMX. A task must not fail for want of it. */
final class Registration implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Registration.class);

    /** Which bean stands under a name: a task that ends late must not take away the bean of the one that follows it. */
    private static final Map<ObjectName, Object> OWNERS = new HashMap<>();

    private final Object bean;
    private final ObjectName name;

    private Registration(Object bean, ObjectName name) {
        this.bean = bean;
        this.name = name;
    }

    /** {@code io.millrace:type=sink,connector=…,task=…}. A bean that another run has left is replaced. */
    static synchronized Registration of(SinkStatusMXBean status, String connector, String task) {
        try {
            ObjectName name =
                    new ObjectName("io.millrace:type=sink,connector=" + quoted(connector) + ",task=" + quoted(task));
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
            server.registerMBean(status, name);
            OWNERS.put(name, status);
            return new Registration(status, name);
        } catch (JMException e) {
            log.warn("The status of connector {} is not visible through JMX: {}", connector, e.toString());
            return new Registration(null, null);
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
        synchronized (Registration.class) {
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
