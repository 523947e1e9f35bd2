"""How far resources and a platform meet a profile: rules as data, checked one by one."""
