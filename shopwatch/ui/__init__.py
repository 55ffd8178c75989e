"""The desktop: windows and widgets. They lay out, bind and forward; what is decided is decided below."""
