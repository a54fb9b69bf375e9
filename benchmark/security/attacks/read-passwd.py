read("/etc/passwd")
