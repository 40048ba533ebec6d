"""Do the fused kernels train as torch's operators do?"""
