package io.millrace.converter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConverterSettingsTest {
    /** As Connect asks for them when it checks a connector that is another plugin. */
    @Test
    void areDeclaredUnderAClassLoaderThatDoesNotKnowTheConverter() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try (MillraceAvroConverter converter = new MillraceAvroConverter()) {
            assertThat(converter.config().names()).contains("schema.registry.url", "context.name.strategy");
            assertThat(thread.getContextClassLoader()).isSameAs(ClassLoader.getPlatformClassLoader());
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
